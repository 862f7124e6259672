import { createTransport } from 'nodemailer';

/** The app under test: a shop that sends mail. */
export function createShop(smtp) {
  const mailer = createTransport({ host: smtp.host, port: smtp.port });
  return {
    resetPassword: (user) =>
      mailer.sendMail({
        from: 'Shop <shop@example.test>',
        to: user,
        subject: 'Reset your password',
        text: 'Choose a new one: https://shop.test/reset?token=4f9a2c',
        html: '<p>Choose <a href="https://shop.test/reset?token=4f9a2c">a new one</a>.</p>',
      }),
    sendInvoice: (user) =>
      mailer.sendMail({
        from: 'Shop <shop@example.test>',
        to: user,
        subject: 'Your invoice',
        text: 'Thank you.',
        attachments: [{ filename: 'invoice.json', content: '{"total":42}', contentType: 'application/json' }],
      }),
  };
}
