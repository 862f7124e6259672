import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import { aSandbox } from './a-sandbox.ts';
import { needs } from './needs.ts';

const run = promisify(execFile);

needs('curl', 'sh')('a CI job with nothing but curl: send, wait, expect, and fail with a reason', async () => {
  await using sandbox = await aSandbox();
  const script = fileURLToPath(new URL('./clients/ci-job.sh', import.meta.url));
  const { stdout } = await run('sh', [script, `smtp://127.0.0.1:${sandbox.smtp.port}`, `${sandbox.url}/api`]);
  expect(
    stdout.replaceAll(/\d\d:\d\d:\d\d\.\d{3}/g, 'hh:mm:ss.mmm').replaceAll(/id \w+/g, 'id …'),
  ).toMatchInlineSnapshot(`
    "waited
    expected
    Expected at least 1 mail matching  to:bob@example.test subject:reset
    within 0 ms; none came.

    bob@example.test got (1, newest first):
         hh:mm:ss.mmm  shop@example.test  -> bob@example.test  Welcome

    Nearest: "Welcome", id …
      subject:  expected "reset",  was "Welcome"

    There is 1 mail for others.
    400
    "
  `);
  expect((await sandbox.list()).map(({ subject }) => subject)).toEqual(['Reset your password']);
});
