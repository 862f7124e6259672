import { randomInt, randomUUID } from 'node:crypto';
import { createTransport } from 'nodemailer';

/**
 * The app under test.
 * @param {{ host: string, port: number }} smtp
 */
export function createApp({ host, port }) {
  const mailer = createTransport({ host, port });
  /** @param {import('nodemailer').SendMailOptions} mail */
  const send = (mail) => mailer.sendMail({ from: 'Shop <shop@example.test>', ...mail });
  return {
    /** @param {string} to */
    welcome: (to) => send({ to, subject: 'Welcome to the shop', text: 'Hello! https://shop.test/help\n' }),
    /** @param {string} to */
    resetPassword: (to) => {
      const url = `https://shop.test/reset?token=${randomUUID()}&lang=en`;
      return send({
        to,
        subject: process.env['SUBJECT'] ?? 'Reset your password',
        text: `Choose a new one: ${url}\nYour verification code is ${randomInt(100_000, 999_999)}.\n`,
        html: `<h1>Hello</h1><a href="${url}">Choose a new one</a>`,
        attachments: [{ filename: 'terms.csv', content: 'id,text\n1,none\n' }],
      });
    },
  };
}
