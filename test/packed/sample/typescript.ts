import { type Mail, type Mailbox, MailstopError, type Sandbox, type SandboxOptions, startSandbox } from 'mailstop';
import { ApiError, connect, ExpectationError, type Query } from 'mailstop/client';
import { createShop } from './app.js';

const options: SandboxOptions = { timeout: 10_000, pop3Port: null };
await using sandbox = await startSandbox(options);
const shop = createShop(sandbox.smtp);

const reset: Query = { subject: /reset/i, has: ['link'] };
const ada: Mailbox = sandbox.mailbox('ada');
await shop.resetPassword(ada.address);
const mail: Mail = await ada.waitFor(reset);
const link: string = mail.link(/reset/);

// The same from elsewhere.
const there: Sandbox = await connect(sandbox.http.url, { timeout: 10_000 });
const bob = there.mailbox('bob');
await shop.sendInvoice(bob.address);
const { total } = (await (await bob.next()).attachment('invoice.json').json()) as { total: number };
await there.close();

const late = await ada.waitFor('subject:invoice', { timeout: 0 }).catch((error: unknown) => error);
const taken = await startSandbox({ smtpPort: sandbox.smtp.port }).catch((error: unknown) => error);
const gone = await sandbox.api.message('no-such-mail').catch((error: unknown) => error);
console.log(
  JSON.stringify({
    link,
    total,
    late: late instanceof ExpectationError && late.arrived.length,
    taken: taken instanceof MailstopError && taken.code,
    gone: gone instanceof ApiError && gone.status,
  }),
);
