import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Query, Sandbox } from '../../../client/index.ts';
import { type ReceivedOptions, toHaveReceived } from '../../../client/matchers/received-matcher.ts';
import { startSandbox } from '../../../server/index.ts';
import { steady } from '../steady.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ timeout: 15_000 });
});
afterAll(() => sandbox.close());

async function mailboxWith(...subjects: string[]) {
  await sandbox.clear();
  const ada = sandbox.mailbox('ada');
  for (const subject of subjects) {
    await sandbox.deliver({ from: 'shop@example.test', to: ada.address, raw: `Subject: ${subject}\r\n\r\nhello\r\n` });
  }
  return ada;
}

type Arguments = [query?: Query | ReceivedOptions, options?: ReceivedOptions];

/** Calls it like a framework. @returns null if the assertion passes, or else its message */
async function failure(isNot: boolean, received: unknown, ...args: Arguments): Promise<string | null> {
  const { pass, message } = await toHaveReceived.call({ isNot }, received as Sandbox, ...args);
  return pass === isNot ? steady(message()) : null;
}
const fails = (received: unknown, ...args: Arguments) => failure(false, received, ...args);
const failsNot = (received: unknown, ...args: Arguments) => failure(true, received, ...args);

describe('toHaveReceived', () => {
  test('passes for mail that is there, and for mail that arrives', async () => {
    const ada = await mailboxWith('Welcome');
    expect(await fails(ada)).toBeNull();
    expect(await fails(sandbox, 'subject:welcome')).toBeNull();
    const waiting = fails(ada, { subject: /^reset/ });
    await sandbox.deliver({ to: ada.address, raw: 'Subject: Reset your password\n\n' });
    expect(await waiting).toBeNull();
  });

  test('on failure, it reports what arrived instead', async () => {
    const ada = await mailboxWith('Welcome to the shop');
    expect(await fails(ada, { subject: /reset/ }, { within: 20 })).toMatchInlineSnapshot(`
      "Expected at least 1 mail matching  rcpt:ada-…@mailstop.test subject:/reset/
      within … ms; none came.

      ada-…@mailstop.test got (1, newest first):
           hh:mm:ss.mmm  shop@example.test  -> ada-…@mailstop.test  Welcome to the shop

      Nearest: "Welcome to the shop", id …
        subject:  expected /reset/,  was "Welcome to the shop""
    `);
  });

  test('counts', async () => {
    const ada = await mailboxWith('Reset', 'Reset', 'Welcome');
    expect(await fails(ada, { subject: 'reset' }, { count: 2, quiet: 20 })).toBeNull();
    expect(await fails(ada, { count: { min: 1 } })).toBeNull();
    expect(await fails(ada, { subject: 'reset' }, { count: 1 })).toMatchInlineSnapshot(`
      "Expected 1 mail matching  rcpt:ada-…@mailstop.test subject:reset
      but there are 2.

      ada-…@mailstop.test got (3, newest first; * matches):
           hh:mm:ss.mmm  shop@example.test  -> ada-…@mailstop.test  Welcome
        *  hh:mm:ss.mmm  shop@example.test  -> ada-…@mailstop.test  Reset
        *  hh:mm:ss.mmm  shop@example.test  -> ada-…@mailstop.test  Reset"
    `);
    expect(await fails(ada, { count: 4, within: 20 })).toMatch(/^Expected 4 mails .*\nwithin … ms; only 3 came\./);
  });

  test('with a count of 0 is the same as .not', async () => {
    const ada = await mailboxWith('Reset');
    expect(await fails(ada, { subject: 'welcome' }, { count: 0, within: 20 })).toBeNull();
    expect(await fails(ada, { subject: 'reset' }, { count: 0 })).toMatch(/^Expected no mail matching/);
  });

  test('late mail breaks the quiet', async () => {
    const ada = await mailboxWith('Reset');
    const waiting = fails(ada, { count: 1, quiet: 60_000 });
    await sandbox.deliver({ to: ada.address, raw: 'Subject: Reset\n\n' });
    expect(await waiting).toMatch(/^Expected 1 mail .*\nand nothing more for … ms; then another one came\./);
  });

  test('counts as giving the mail to the test: expectNone passes after it', async () => {
    const ada = await mailboxWith('Reset');
    expect(await fails(ada)).toBeNull();
    await ada.expectNone({ within: 0 });
  });

  test('waits as long as Playwright is configured to, by default', async () => {
    const ada = await mailboxWith();
    const { pass, message } = await toHaveReceived.call({ isNot: false, timeout: 30 }, ada);
    expect([pass, message()]).toEqual([false, expect.stringContaining('within 30 ms; none came.')]);
  });
});

describe('.not', () => {
  test('passes if nothing arrives, whatever else is there', async () => {
    const ada = await mailboxWith('Welcome');
    expect(await failsNot(ada, { subject: /reset/ }, { within: 20 })).toBeNull();
    expect(await failsNot(sandbox.mailbox('bob'), { within: 20 })).toBeNull();
  });

  test('fails for mail that is there, even if the test was given it before', async () => {
    const ada = await mailboxWith('Welcome to the shop');
    await ada.waitFor();
    expect(await failsNot(ada)).toMatchInlineSnapshot(`
      "Expected no mail matching  rcpt:ada-…@mailstop.test
      within … ms; one came after … ms.

      ada-…@mailstop.test got (1, newest first; * matches):
        *  hh:mm:ss.mmm  shop@example.test  -> ada-…@mailstop.test  Welcome to the shop"
    `);
  });

  test('really waits: it fails as soon as a mail arrives', async () => {
    const ada = await mailboxWith();
    const waiting = failsNot(ada, { within: 60_000 });
    await sandbox.deliver({ to: ada.address, raw: 'Subject: unwelcome\n\n' });
    expect(await waiting).toMatch(/^Expected no mail .*\nwithin … ms; one came after … ms\./);
  });

  test.each([{ count: 2 }, { quiet: 20 }])('refuses %j', async (options) => {
    await expect(failsNot(await mailboxWith(), options)).rejects.toThrow(
      /means nothing with .not. Please say how many/,
    );
  });
});

describe('either way', () => {
  test.each([true, false])('a mistake is an error, not a result (.not: %s)', async (isNot) => {
    const ada = await mailboxWith('Welcome');
    const rejected = (...args: Parameters<typeof failure>) => expect(failure(...args)).rejects;
    await rejected(isNot, ada, { subject: undefined as never }).toThrow(/"subject" is undefined/);
    await rejected(isNot, ada, 'subject:(').toMatchObject({ code: 'bad-query' });
    await rejected(isNot, ada, { subject: 'x', within: 20 } as never).toThrow(/options are the next argument/);
    await rejected(isNot, ada, '', { timeout: 20 } as never).toThrow(/"timeout" is not an option of toHaveReceived/);
    await rejected(isNot, ada, { within: -1 }).toThrow(/-1 is not a valid time to wait/);
    await rejected(isNot, ada.address).toThrow(
      /"ada-\w+@mailstop.test" is not a mailbox. Please give expect\(\) what sandbox.mailbox\(\) returns/,
    );
    await rejected(isNot, Promise.resolve(ada)).toThrow(/a promise, which was not awaited, is not a mailbox/);
  });

  test.each([true, false])('ends with the signal (.not: %s)', async (isNot) => {
    const ada = await mailboxWith();
    const controller = new AbortController();
    const reason = new Error('the test is over');
    const waiting = failure(isNot, ada, { within: 60_000, signal: controller.signal });
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
  });
});
