import { describe, expect, test } from 'vitest';
import { Mail, type Mailbox } from '../../../client/index.ts';
import type { Stage } from './stage.ts';

/** The behaviour of a mail. */
export function mailBehaviour(stage: Stage): void {
  const { send } = stage;

  describe('a mail', () => {
    const html =
      '<p>Hello</p><a href="https://shop.test/reset?token=abc&amp;v=1">Choose a new password</a>' +
      '<a href="https://shop.test/help">Help</a><img src="cid:logo">';

    async function theMail(ada: Mailbox): Promise<Mail> {
      await send(ada.address, {
        subject: 'Reset',
        text: 'Open https://shop.test/reset?token=abc&v=1\nYour verification code is 482913.\n',
        html,
        attachments: [
          { filename: 'invoice.json', content: '{"total":42,"note":"ä"}' },
          { filename: 'raw.bin', content: Buffer.from([0, 255, 10, 13]) },
          { filename: 'logo.png', content: 'png', cid: 'logo' },
        ],
      });
      return ada.waitFor();
    }

    test('has all its fields, its link, its code and its attachments', async () => {
      const ada = stage.sandbox.mailbox('ada');
      const mail = await theMail(ada);
      expect(mail).toBeInstanceOf(Mail);
      expect(mail).toMatchObject({
        subject: 'Reset',
        from: { name: 'Shop', address: 'shop@example.test' },
        to: [{ name: '', address: ada.address }],
        envelope: { from: 'shop@example.test', to: [ada.address] },
        html: expect.stringContaining('Choose a new password'),
      });
      expect(mail.link(/reset/)).toBe('https://shop.test/reset?token=abc&v=1');
      expect(mail.link('new password')).toBe('https://shop.test/reset?token=abc&v=1');
      expect(mail.code()).toBe('482913');
      expect(mail.$('p')?.textContent).toBe('Hello');
      expect(mail.$$('a').map((a) => a.textContent)).toEqual(['Choose a new password', 'Help']);
      expect(mail.header('subject')).toBe('Reset');
      expect(mail.header('X-None')).toBeNull();
      const invoice = mail.attachment('invoice.json');
      expect(invoice).toMatchObject({ filename: 'invoice.json', contentType: 'application/json', inline: false });
      expect(await invoice.json()).toEqual({ total: 42, note: 'ä' });
      expect(await mail.attachment(/\.json$/).text()).toBe('{"total":42,"note":"ä"}');
      expect(await mail.attachment('raw.bin').buffer()).toEqual(Buffer.from([0, 255, 10, 13]));
      expect((await mail.raw()).toString()).toMatch(/^From: Shop <shop@example\.test>\r\n/);
    });

    test('is added without SMTP, octet for octet, with the given envelope', async () => {
      const ada = stage.sandbox.mailbox('ada');
      const raw = Buffer.from('From: a@x.test\r\nTo: b@x.test\r\nSubject: by hand\r\n\r\n\xfc\r\n', 'latin1');
      const mail = await stage.sandbox.deliver({ from: '', to: [ada.address, 'b@x.test'], raw });
      expect(mail.envelope).toEqual({ from: '', to: [ada.address, 'b@x.test'] });
      expect(await mail.raw()).toEqual(raw);
      expect((await ada.waitFor()).id).toBe(mail.id);
      const text = await stage.sandbox.deliver(`To: ${ada.address}\n\nhello`);
      expect(text.envelope.to).toEqual([ada.address]);
      await expect(stage.sandbox.deliver({} as never)).rejects.toThrow(/nothing to deliver. Please give the raw mail/);
    });

    test('that is gone says so', async () => {
      const ada = stage.sandbox.mailbox('ada');
      const mail = await theMail(ada);
      await ada.clear();
      await expect(mail.raw()).rejects.toMatchObject({ name: 'ApiError', code: 'message-not-found' });
    });
  });
}
