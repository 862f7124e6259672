const { createTransport } = require('nodemailer');
const { startSandbox } = require('mailstop');
const { connect } = require('mailstop/client');

/** @returns the link in the mail, as seen from another process */
async function reset() {
  const sandbox = await startSandbox({ timeout: 60_000 });
  const ada = sandbox.mailbox('ada');
  await createTransport({ host: sandbox.smtp.host, port: sandbox.smtp.port }).sendMail({
    from: 'Shop <shop@example.test>',
    to: ada.address,
    subject: 'Reset your password',
    text: 'Choose a new one: https://shop.test/reset?token=4f9a2c',
  });
  const elsewhere = await connect(sandbox.http.url, { timeout: 60_000 });
  const mail = await elsewhere.mailbox({ address: ada.address }).waitFor({ subject: /reset/i });
  await elsewhere.close();
  await sandbox.close();
  return mail.link(/reset/);
}

module.exports = { reset };
if (require.main === module) reset().then(console.log);
