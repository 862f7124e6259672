import { type Mail, type Sandbox, type SandboxOptions, startSandbox } from 'mailstop';
import { connect, ExpectationError, type Query } from 'mailstop/client';

const options: SandboxOptions = { timeout: 10_000, pop3Port: null };
const query: Query = { subject: /reset/i, has: ['link'] };

export async function reset(): Promise<string> {
  const sandbox: Sandbox = await startSandbox(options);
  const elsewhere: Sandbox = await connect(sandbox.http.url);
  const mail: Mail = await elsewhere.mailbox('ada').waitFor(query);
  return mail.link(/reset/);
}

export function arrived(error: unknown): number {
  return error instanceof ExpectationError ? error.arrived.length : 0;
}

// @ts-expect-error: the types are not `any`
startSandbox({ timeout: 'long' });
// @ts-expect-error: nor are these
connect(7);
