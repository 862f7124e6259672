import { expect, test, vi } from 'vitest';
import { startSandbox } from '../../server/index.ts';

test('an occupied port has its own error, and leaves nothing behind', async () => {
  await using first = await startSandbox();
  await expect(startSandbox({ smtpPort: first.smtp.port })).rejects.toMatchObject({ code: 'cannot-listen' });
});

test('when listening on all addresses, it is reached at the loopback address', async () => {
  await using sandbox = await startSandbox({ host: '0.0.0.0' });
  expect([sandbox.smtp.host, sandbox.http.url]).toEqual(['127.0.0.1', `http://127.0.0.1:${sandbox.http.port}`]);
  expect(await sandbox.messages()).toEqual([]);
});

test('the timeout of its methods can be set once', async () => {
  await using sandbox = await startSandbox({ timeout: 7 });
  await expect(sandbox.waitFor()).rejects.toThrow('within 7 ms; none came.');
  await expect(sandbox.mailbox().waitFor()).rejects.toThrow('within 7 ms; none came.');
});

test('mocking fetch and the clock in a test does not affect it', async () => {
  await using sandbox = await startSandbox();
  const ada = sandbox.mailbox('ada');
  vi.stubGlobal('fetch', () => Promise.reject(new Error('no network in this test')));
  vi.useFakeTimers();
  try {
    await sandbox.deliver({ to: ada.address, raw: 'Subject: x\r\n\r\nhello\r\n' });
    expect((await ada.waitFor('text:hello', { timeout: 15_000 })).subject).toBe('x');
    await expect(ada.waitFor('nothing', { timeout: 5 })).rejects.toThrow(/none came/);
  } finally {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  }
});

test('an error names the line of the test that waited', async () => {
  await using sandbox = await startSandbox({ timeout: 0 });
  const ada = sandbox.mailbox();
  const verbs = [
    () => ada.waitFor(),
    () => ada.waitForCount(1),
    () => ada.next(),
    () => ada.capture(() => {}, { count: 1 }),
  ];
  for (const verb of verbs) {
    const stack = await failing(verb);
    expect(stack).toMatch(/^ExpectationError: Expected/);
    expect(stack).toContain('start.test.ts');
  }
});

async function failing(verb: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await verb();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.stack : undefined;
  }
}

test('an undefined option counts as not given, and an unknown one is an error', async () => {
  await using sandbox = await startSandbox({ pop3Port: null, smtpPort: undefined } as never);
  expect([sandbox.pop3, sandbox.smtp.host]).toEqual([null, '127.0.0.1']);
  const wrong = startSandbox({ port: 1025 } as never);
  await expect(wrong).rejects.toMatchObject({
    code: 'bad-config',
    message: expect.stringMatching(/^startSandbox\(\) has no option "port": expected host, smtpPort, /),
  });
});
