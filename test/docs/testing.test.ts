import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSandbox } from '../../server/index.ts';
import { needs } from '../needs.ts';
import { examplesOf } from './examples.ts';

/** The examples of docs/testing.md, run as a reader would: in a folder of their own, with the package installed. */

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/testing.md'), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'mailstop-docs-'));

const examples = examplesOf('testing.md', 'ts');
const shell = /^```sh\n# with curl\n([\s\S]*?)^```$/m.exec(page)?.[1] ?? '';

const run = async (command: string, args: readonly string[], env: Record<string, string> = {}) => {
  const { PATH = '', HOME = '' } = process.env;
  const options = { cwd: folder, env: { PATH, HOME, ...env } };
  return promisify(execFile)(command, args, options).catch((error: { stdout: string; stderr: string }) => {
    throw new Error(`${command} ${args.join(' ')} failed:\n${error.stdout}\n${error.stderr}`);
  });
};
const tsx = ['--import', pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href];
const typescript = join(root, 'node_modules/typescript/bin/tsc');
const vitest = join(root, 'node_modules/vitest/vitest.mjs');

beforeAll(() => {
  const modules = join(folder, 'node_modules');
  mkdirSync(modules);
  symlinkSync(root, join(modules, 'mailstop'), 'junction');
  for (const name of ['@types', 'nodemailer', 'vitest']) {
    symlinkSync(join(root, 'node_modules', name), join(modules, name), 'junction');
  }
  writeFileSync(join(folder, 'package.json'), '{ "type": "module", "private": true }');
  const compilerOptions = {
    target: 'es2023',
    lib: ['es2023', 'esnext.disposable'],
    module: 'nodenext',
    types: ['node'],
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    allowImportingTsExtensions: true,
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions }));
  for (const [name, source] of examples) writeFileSync(join(folder, name), source);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('every example has a name and is run below', () => {
  expect(page.match(/^```ts$/gm)).toHaveLength(examples.size);
  expect([...examples.keys()].sort()).toEqual([
    'app.ts',
    'code.test.ts',
    'elsewhere.ts',
    'global-setup.ts',
    'reset.test.ts',
    'vitest.config.ts',
    'with-fetch.ts',
    'worker.test.ts',
  ]);
});

test('the types of all examples are right', async () => {
  await run(process.execPath, [typescript, '-p', folder]);
}, 60_000);

test('Vitest, with a sandbox of its own and with workers that share one', async () => {
  const { stdout } = await run(
    process.execPath,
    [vitest, 'run', '--testTimeout', '60000', 'reset.test.ts', 'worker.test.ts'],
    { NO_COLOR: '1' },
  );
  expect(stdout).toMatch(/Tests +4 passed/);
}, 60_000);

test('node:test', async () => {
  const { stdout } = await run(process.execPath, [...tsx, '--test', '--test-reporter=tap', 'code.test.ts']);
  expect(stdout).toMatch(/^# pass 1$/m);
}, 60_000);

test('a Mailstop elsewhere, with the client and with plain fetch', async () => {
  await using sandbox = await startSandbox();
  const env = { MAILSTOP_URL: sandbox.http.url };
  const client = await run(process.execPath, [...tsx, 'elsewhere.ts'], env);
  expect(client.stdout).toBe('https://shop.test/reset?token=4f9a2c\n');
  const plain = await run(process.execPath, [...tsx, 'with-fetch.ts'], env);
  expect(plain.stdout).toBe('Reset your password\n');
}, 60_000);

needs('sh', 'curl')('a shell with curl', async () => {
  await using sandbox = await startSandbox();
  const { stdout } = await run('sh', ['-c', shell], { MAILSTOP_URL: sandbox.http.url });
  expect(stdout).toBe('"subject":"Reset your password"\n');
});

test('the report is that of the page', async () => {
  await using sandbox = await startSandbox({ timeout: 0 });
  const ada = sandbox.mailbox('ada');
  const welcome = 'From: shop@example.test\r\nSubject: Welcome to the shop\r\n\r\n';
  await sandbox.deliver({ from: 'shop@example.test', to: ada.address, raw: welcome });
  // Make sure its thread has started, so that the report does not show a slow start.
  const read = () => ada.messages().then(({ length }) => length, String);
  await expect.poll(read, { timeout: 30_000 }).toBe(1);
  const error = await ada.waitFor({ subject: /reset/ }).catch((thrown: unknown) => thrown);
  const steady = (text: string) =>
    text
      .replaceAll(/ada-\w{10}/g, 'ada-…')
      .replaceAll(/\d\d:\d\d:\d\d\.\d{3}/g, 'hh:mm:ss.mmm')
      .replaceAll(/within \d+ ms/g, 'within … ms')
      .replaceAll(/id \w+/g, 'id …');
  const [, printed = ''] = /^```\n([\s\S]*?)\n```$/m.exec(page.slice(page.indexOf('## When it fails'))) ?? [];
  expect(steady(`${error}`)).toBe(steady(printed));
});
