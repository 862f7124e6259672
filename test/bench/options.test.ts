import { expect, test } from 'vitest';
import { type Options, readOptions, UsageError } from './options.ts';

const NAMES = ['kept-3k', 'kept-30k', 'search'];
const read = (...argv: string[]) => readOptions(argv, {}, NAMES);
const plain: Options = {
  help: false,
  peers: false,
  mailpit: null,
  servers: [],
  only: [],
  quick: false,
  print: 'table',
};

test('without arguments, everything is measured, but no other servers', () => {
  expect(read()).toEqual(plain);
});

test('measurements are selected by part of a name, several by commas or flags', () => {
  expect(read('--only', 'kept, search', '--only', '30k', '--json')).toEqual({
    ...plain,
    only: ['kept', 'search', '30k'],
    print: 'json',
  });
});

test('Mailpit is the program named by the variable, and only runs when peers are requested', () => {
  const env = { MAILPIT_BIN: process.execPath };
  expect(readOptions(['--peers'], env, NAMES).mailpit).toBe(process.execPath);
  expect(readOptions([], env, NAMES).mailpit).toBeNull();
  expect(readOptions(['--peers'], { MAILPIT_BIN: '' }, NAMES).mailpit).toBeNull();
});

test('running servers are given by name and URLs', () => {
  const { servers } = read(
    ...['--server', 'GreenMail=smtp://127.0.0.1:3025,http://127.0.0.1:8080'],
    ...['--server', 'smtp://[::1]:2525'],
  );
  expect(servers).toEqual([
    { name: 'GreenMail', smtp: { host: '127.0.0.1', port: 3025 }, http: new URL('http://127.0.0.1:8080') },
    { name: '[::1]:2525', smtp: { host: '::1', port: 2525 }, http: null },
  ]);
});

test.each<[string[], NodeJS.ProcessEnv, string]>([
  [['--fast'], {}, '--fast'],
  [['--only'], {}, '--only'],
  [['--only', 'nothing'], {}, 'got "nothing"'],
  [['--only', 'kept,'], {}, 'got ""'],
  [['--json', '--markdown'], {}, 'one of them'],
  [['--server', 'localhost'], {}, 'got "localhost"'],
  [['--server', 'smtp://127.0.0.1'], {}, 'got "smtp://127.0.0.1"'],
  [['--server', 'smtp://127.0.0.1:25,ftp://x'], {}, 'got "smtp://127.0.0.1:25,ftp://x"'],
  [['--peers'], { MAILPIT_BIN: '/nowhere/mailpit' }, 'got "/nowhere/mailpit"'],
])('%j %j is rejected, and the error names it', (argv, env, message) => {
  const reading = () => readOptions(argv, env, NAMES);
  expect(reading).toThrow(UsageError);
  expect(reading).toThrow(message);
});
