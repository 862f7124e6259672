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

test('without arguments all of it is measured, and nobody else', () => {
  expect(read()).toEqual(plain);
});

test('a part of a name, and several with commas or flags', () => {
  expect(read('--only', 'kept, search', '--only', '30k', '--json')).toEqual({
    ...plain,
    only: ['kept', 'search', '30k'],
    print: 'json',
  });
});

test('Mailpit is the program that the variable names, and only when peers are asked for', () => {
  const env = { MAILPIT_BIN: process.execPath };
  expect(readOptions(['--peers'], env, NAMES).mailpit).toBe(process.execPath);
  expect(readOptions([], env, NAMES).mailpit).toBeNull();
  expect(readOptions(['--peers'], { MAILPIT_BIN: '' }, NAMES).mailpit).toBeNull();
});

test('servers that run already', () => {
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
])('%j %j is refused and named', (argv, env, message) => {
  const reading = () => readOptions(argv, env, NAMES);
  expect(reading).toThrow(UsageError);
  expect(reading).toThrow(message);
});
