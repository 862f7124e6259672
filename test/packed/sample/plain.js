import assert from 'node:assert/strict';
import { startSandbox } from 'mailstop';
import { connect } from 'mailstop/client';
import { createShop } from './app.js';

const sandbox = await startSandbox();
try {
  const ada = sandbox.mailbox('ada');
  await createShop(sandbox.smtp).resetPassword(ada.address);
  const mail = await ada.waitFor({ subject: /reset/i });
  assert.equal(mail.link(), 'https://shop.test/reset?token=4f9a2c');

  const elsewhere = await connect(sandbox.http.url);
  assert.equal((await elsewhere.messages()).length, 1);
  await elsewhere.close();

  const inbox = await fetch(sandbox.http.url);
  console.log(inbox.status, inbox.headers.get('content-type'), (await inbox.text()).includes('<div id="root">'));
} finally {
  await sandbox.close();
}
