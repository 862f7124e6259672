import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import type { OpenApi } from '../../server/http/docs/openapi.ts';
import { startSandbox } from '../../server/index.ts';
import { objection, requestFor, schemasOf, send } from './openapi-requests.ts';

/** Compares the API description with the responses of a real server. */

const require = createRequire(import.meta.url);

test("the description passes Redocly's linter", async () => {
  await using sandbox = await startSandbox();
  const folder = mkdtempSync(join(tmpdir(), 'mailstop-openapi-'));
  try {
    const file = join(folder, 'openapi.json');
    writeFileSync(file, await (await fetch(new URL('/api/openapi.json', sandbox.http.url))).text());
    const redocly = join(dirname(require.resolve('@redocly/cli/package.json')), 'bin/cli.js');
    // `Frame` describes the feed, which is not an operation.
    const args = ['lint', file, '--skip-rule', 'no-unused-components', '--format', 'summary', '--max-problems', '100'];
    const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true', CI: 'true' };
    expect(() => execFileSync(process.execPath, [redocly, ...args], { env, stdio: 'pipe' })).not.toThrow();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

const REQUESTS = 5000;

const MAILS = [
  'Subject: plain\r\nFrom: a@x.test\r\n\r\ntext, code 123456\r\n',
  'Subject: html\r\nContent-Type: text/html\r\n\r\n<p>see <a href="https://x.test/">this</a>\r\n',
  [
    'Subject: parts',
    'Content-Type: multipart/mixed; boundary=b',
    '',
    '--b',
    'Content-Type: image/gif; name=a.gif',
    '',
    'GIF89a',
    '--b',
    'Content-Type: application/pdf; name=b.pdf',
    '',
    '%PDF',
    '--b--',
    '',
  ].join('\r\n'),
];

test('every response matches the description', async () => {
  await using sandbox = await startSandbox();
  const api = (await (await fetch(new URL('/api/openapi.json', sandbox.http.url))).json()) as OpenApi;
  const schemas = schemasOf(api);
  const ids = ['latest', 'nosuchmail', '../x'];
  for (const raw of MAILS) ids.push((await sandbox.deliver(raw)).id);
  await sandbox.api.sendTestMail();
  const session = await vi.waitFor(async () => {
    const [latest] = (await sandbox.api.sessions()).sessions;
    if (!latest) throw new Error('the session of the test mail is not recorded yet');
    return latest.id;
  }, 60_000);
  ids.push(session);
  const operations = Object.entries(api.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const succeeded = new Set<string>();
  const requests = fc.constantFrom(...operations).chain((one) => requestFor(one, ids, schemas));
  await fc.assert(
    fc.asyncProperty(requests, async (asked) => {
      const answer = await send(sandbox.http.url, asked);
      if (answer.status < 300) succeeded.add(asked.operation.operationId);
      expect(objection(asked, answer, schemas)).toBeNull();
      // Restore what other requests need.
      if (asked.method === 'delete' && answer.status < 300) {
        for (const [i, raw] of MAILS.entries()) ids[3 + i] = (await sandbox.deliver(raw)).id;
      }
    }),
    { numRuns: REQUESTS, endOnFailure: true },
  );
  // Each operation must have succeeded at least once. TLS is off, so there is no certificate.
  const all = operations.map(({ operation }) => operation.operationId);
  expect(all.filter((id) => !succeeded.has(id))).toEqual(['getCertificate']);
}, 900_000);
