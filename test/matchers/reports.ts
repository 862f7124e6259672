import { steady } from '../client/steady.ts';

/** The messages of the failing tests of `project/`, the same in each framework. */
export const reports = {
  missing: (name: string) => `Expected at least 1 mail matching  rcpt:${name}@mailstop.test subject:/reset/
within … ms; none came.

${name}@mailstop.test got (1, newest first):
hh:mm:ss.mmm  shop@example.test  -> ${name}@mailstop.test  Welcome to the shop

Nearest: "Welcome to the shop", id …
subject:  expected /reset/,  was "Welcome to the shop"`,
  unwelcome: (name: string) => `Expected no mail matching  rcpt:${name}@mailstop.test
within … ms; one came after … ms.

${name}@mailstop.test got (1, newest first; * matches):
*  hh:mm:ss.mmm  shop@example.test  -> ${name}@mailstop.test  Welcome to the shop`,
  link: `Expected the mail "Welcome to the shop" to have a link with /reset/.

Its links (1):
https://shop.test/help  "https://shop.test/help"`,
  attachment: `Expected the mail "Please reset your password" to have an attachment with filename "terms.csv" and content "id,text\\n1,some\\n".

Its attachments (1):
terms.csv  text/csv  15 octets

Nearest: "terms.csv"
content:  expected "id,text\\n1,some\\n",  was "id,text\\n1,none\\n"`,
};

/** The output of a framework, without indentation and varying parts. */
export function told(output: string): string {
  return steady(output).replaceAll(/^[ \t]+/gm, '');
}
