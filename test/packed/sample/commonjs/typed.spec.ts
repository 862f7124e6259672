import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Mail, type Sandbox, startSandbox } from 'mailstop';
import 'mailstop/jest';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ timeout: 60_000 });
});
afterAll(() => sandbox.close());

test('the matchers are there, and their types', async () => {
  const raw = 'Subject: Welcome\r\n\r\nhttps://shop.test/start\r\n';
  const mail: Mail = await sandbox.deliver({ to: 'ada@shop.test', raw });
  await expect(sandbox).toHaveReceived({ subject: 'Welcome' }, { count: 1 });
  expect(mail).toHaveLink(/start/);
  // @ts-expect-error: a number is not a link
  expect(() => expect(mail).toHaveLink(7)).toThrow(TypeError);
});
