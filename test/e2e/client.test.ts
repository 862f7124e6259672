import { readFile } from 'node:fs/promises';
import { expect } from 'vitest';
import { startSandbox } from '../../server/index.ts';
import { needs } from '../needs.ts';
import { launchBrowser } from './browser.ts';

/** What a page does with the client. It is text, so that nothing is bundled or transformed. */
const script = `(async () => {
  const { connect } = await import('/package/client-browser.js');
  const here = await connect(location.origin);
  const events = here.events();
  const hello = await events.next();
  const ada = here.mailbox('ada');
  const attached = 'Content-Type: text/plain; charset=utf-8\\nContent-Disposition: attachment; filename=a.txt\\n\\ngrüße';
  await here.deliver({ to: ada.address, raw: 'Subject: from a page\\n' + attached });
  const mail = await ada.waitFor({ subject: /page$/ });
  const added = await events.next();
  const html = 'Content-Type: text/html\\n\\n<p class=a>one<p class=a>two</p><script>document.title = "ran"</script><img src=/evil>';
  const page = await here.deliver({ to: ada.address, raw: html });
  const texts = page.$$('p.a').map((element) => element.textContent);
  const file = await mail.attachment('a.txt').text();
  await here.close();
  const refused = await ada.messages().catch(({ code }) => code);
  const rest = [page.$('.b'), document.title];
  return { texts, rest, told: [hello.value.type, added.value.type], subject: mail.subject, file, refused };
})()`;

needs('chromium')('the client runs in a browser unbundled, without anything from Node', async () => {
  await using sandbox = await startSandbox();
  await using browser = await launchBrowser();
  const page = await browser.newPage();
  const loaded: string[] = [];
  await page.route('**/package/*.js', async (route) => {
    const name = new URL(route.request().url()).pathname.split('/').at(-1) ?? '';
    loaded.push(name);
    const body = await readFile(new URL(`../../dist/${name}`, import.meta.url));
    await route.fulfill({ body, contentType: 'text/javascript' });
  });
  await page.goto(`${sandbox.http.url}/livez`);
  expect(await page.evaluate(script)).toEqual({
    texts: ['one', 'two'],
    rest: [null, ''],
    told: ['hello', 'added'],
    subject: 'from a page',
    file: 'grüße',
    refused: 'closed',
  });
  expect(loaded).toEqual(['client-browser.js']);
});
