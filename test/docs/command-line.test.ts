import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { aMailstop, CLI, start } from '../cli/a-command.ts';
import { needs } from '../needs.ts';

/** The examples of docs/command-line.md, run from beginning to end as a reader would. */

const page = readFileSync(join(import.meta.dirname, '../../docs/command-line.md'), 'utf8');
const shell = [...page.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block).join('\n');
const folder = mkdtempSync(join(tmpdir(), 'mailstop-command-line-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

needs(
  'bash',
  'python3',
  'gzip',
)('every shell line does what the page says', async () => {
  await using mailstop = await aMailstop();
  writeFileSync(join(folder, 'mailstop'), `#!/bin/sh\nexec "${process.execPath}" "${CLI}" "$@"\n`, { mode: 0o755 });
  const env = { ...mailstop.env, PATH: `${folder}${delimiter}${process.env['PATH']}` };
  const { code, out, err } = await start('bash', ['--norc', '-euo', 'pipefail', '-c', shell], { env, cwd: folder })
    .ended;
  // The unmet expectation is reported.
  expect([err.split('\n')[0], code]).toEqual(['Expected at least 1 mail matching  to:eve@shop.test', 0]);
  expect(out).toMatch(/^ready {2}http:.*\n\w{22}\n\w{22}\t.*\tReset your password\ndeleted 1 mail\n/);
  expect(out).toMatch(/\nhttps:\/\/shop\.test\/start\n/);
  expect(out).toMatch(/\nfiles\/welcome\.eml\n/);
  expect(out).toMatch(/\nSession: +\w{22}, SMTP from 127\.0\.0\.1:\d+\n(?:.*\n)* +\d+ ms {2}C: RCPT TO:</);
  // Three that were sent and two that were imported, all but one of them to Bob.
  expect(out).toMatch(
    /\nimported 1 mail\nimported 1 mail\nexported 5 mails to mail-of-this-run\/\nexported 4 mails to to-bob\.mbox\nexported 5 mails to Maildir\/\ndeleted 5 mails\nimported 14 mails\n/,
  );
  expect(out).toMatch(/Subject: +By sendmail\n/);
});

test('the page names every verb and every exit code', async () => {
  for (const verb of [
    'wait',
    'expect',
    'ready',
    'list',
    'show',
    'clear',
    'import',
    'export',
    'send',
    'sendmail',
    'sessions',
  ]) {
    expect(page).toContain(`\`${verb}\``);
  }
  for (const code of [0, 1, 2, 3]) expect(page).toMatch(new RegExp(`^\\| ${code} \\| `, 'm'));
});
