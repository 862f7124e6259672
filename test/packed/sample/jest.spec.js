import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startSandbox } from 'mailstop';
import 'mailstop/jest';
import { createShop } from './app.js';

describe('the shop', () => {
  let sandbox;
  beforeAll(async () => {
    sandbox = await startSandbox({ timeout: 60_000 });
  });
  afterAll(() => sandbox.close());

  test('a password reset sends a link', async () => {
    const ada = sandbox.mailbox('ada');
    await createShop(sandbox.smtp).resetPassword(ada.address);
    await expect(ada).toHaveReceived({ subject: /reset/i }, { count: 1 });
    const mail = await ada.next();
    expect(mail).toHaveLink(/reset\?token=/);
    expect(mail).toMatchMailSnapshot();
    await expect(ada).not.toHaveReceived({ subject: /invoice/i }, { within: 100 });
  });

  test('an invoice comes with its data', async () => {
    const ada = sandbox.mailbox('ada');
    await createShop(sandbox.smtp).sendInvoice(ada.address);
    await expect(await ada.next()).toHaveAttachment({ filename: 'invoice.json', content: /"total":42/ });
  });
});
