import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import { startSandbox } from '../../server/index.ts';
import { needs } from '../needs.ts';

/** The curl calls of README.md and docs/asserting.md, run against a Mailstop with the mail they need. */

const root = join(import.meta.dirname, '../..');

function shellOf(path: string): readonly string[] {
  const page = readFileSync(join(root, path), 'utf8');
  const blocks = [...page.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block);
  return blocks.filter((block) => block.startsWith('curl '));
}

const reset = [
  'From: no-reply@shop.test',
  'To: ada@example.test',
  'Subject: reset your password',
  '',
  'Go to https://shop.test/reset/4f9a2c or use the verification code 482913.',
].join('\r\n');

async function runHere(script: string, url: string): Promise<string> {
  const failing = script.replaceAll(/\bcurl /g, 'curl -sSf ').replaceAll('localhost:8025', new URL(url).host);
  const { stdout } = await promisify(execFile)('sh', ['-e', '-c', failing]);
  return stdout;
}

needs('sh', 'curl')('the calls to begin with', async () => {
  await using sandbox = await startSandbox();
  await sandbox.deliver(reset);
  const [calls = '', ...others] = shellOf('README.md');
  expect(others).toEqual([]);
  const printed = await runHere(calls, sandbox.http.url);
  expect(printed).toContain('"pass":true');
  expect(await sandbox.messages()).toEqual([]); // the last one deletes all
});

needs(
  'sh',
  'curl',
  'jq',
)('expecting a mail, and its code', async () => {
  await using sandbox = await startSandbox();
  await sandbox.deliver(reset);
  const printed = await Promise.all(shellOf('docs/asserting.md').map((call) => runHere(call, sandbox.http.url)));
  expect(printed).toEqual([expect.stringContaining('"pass":true'), '482913\n']);
});
