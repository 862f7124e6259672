import mailstop = require('mailstop');
import client = require('mailstop/client');

export async function reset(): Promise<string> {
  const sandbox: mailstop.Sandbox = await mailstop.startSandbox({ timeout: 10_000 });
  const elsewhere: client.Sandbox = await client.connect(sandbox.http.url);
  return (await elsewhere.mailbox('ada').waitFor({ subject: /reset/i })).link(/reset/);
}

// @ts-expect-error: the types are not `any`
mailstop.startSandbox({ timeout: 'long' });
// @ts-expect-error: nor are these
client.connect(7);
