import { mkdirSync, mkdtempSync } from 'node:fs';
import { createApi } from '../../client/index.ts';
import { start } from '../../server/app.ts';
import { defaults } from '../../server/config.ts';
import { startHttp } from '../../server/http/server.ts';
import { silent } from '../../server/log.ts';
import { launchBrowser } from './browser.ts';
import { fill } from './mailbox/fill.ts';
import { startMailstop } from './stage.ts';

const out = '/tmp/scratch-store/shots';
mkdirSync(out, { recursive: true });
await using browser = await launchBrowser();
let free = 1e9;
let clock = new Date();
await using m = await start(
  { ...defaults, smtpPort: 0, httpPort: 0, pop3Port: 0, data: mkdtempSync('/tmp/scratch-store/shot-') },
  { log: silent, version: '0.1.0', now: () => clock, freeSpace: async () => free },
);
const { smtp, http } = m.about;
const url = `http://${http.host}:${http.port}`;
await fill(
  {
    smtp,
    url,
    setClock: (t: Date) => {
      clock = t;
    },
  },
  clock,
);
const api = createApi(url);
const { messages } = await api.list('');
await api.patch(messages[1]!.id, { pinned: true });
await api.patch(messages[3]!.id, { pinned: true });
await api.saveSearch({ name: 'Password resets', q: 'subject:reset is:unread' });
await api.saveSearch({
  name: 'Invoices with attachments from the shop',
  q: 'from:shop subject:invoice has:attachment',
});
const one = async (
  name: string,
  size: { width: number; height: number },
  theme: 'light' | 'dark',
  path: string,
  act: (p: any) => Promise<void>,
) => {
  const page = await browser.newPage({ viewport: size, colorScheme: theme, locale: 'en-GB', reducedMotion: 'reduce' });
  await page.goto(url + path);
  await page.getByText(/^Live/).first().waitFor({ state: 'attached' });
  await act(page);
  await page.waitForTimeout(400);
  await page.screenshot({ path: `${out}/${name}.png` });
  await page.close();
};
const W = { width: 1280, height: 800 },
  N = { width: 390, height: 780 };
await one('pin-wide-light', W, 'light', '/messages/' + messages[1]!.id, async () => {});
await one('pin-narrow-dark', N, 'dark', '/messages/' + messages[1]!.id, async () => {});
await one('saved-wide-dark', W, 'dark', '/?q=from%3Ashop', async (p) => {
  await p.getByText(/found/).first().waitFor();
  await p.getByRole('button', { name: 'Saved searches' }).click();
});
await one('saved-narrow-light', N, 'light', '/?q=from%3Ashop', async (p) => {
  await p.getByRole('button', { name: 'Saved searches' }).click();
});
await one('saved-wide-light', W, 'light', '/?q=subject%3Areset+is%3Aunread', async (p) => {
  await p.getByRole('button', { name: 'Saved searches' }).click();
});
await one('list-compact-light', W, 'light', '/', async (p) => {
  await p.getByRole('button', { name: 'Show smaller rows' }).click();
});
free = 12 * 1024 ** 2;
await new Promise((r) => setTimeout(r, 6000));
await one('full-wide-light', W, 'light', '/', async () => {});
await one('full-narrow-dark', N, 'dark', '/', async () => {});
await using h = await startHttp({
  host: '127.0.0.1',
  port: 0,
  log: silent,
  allowedHosts: [],
  allowedOrigins: [],
  progress: () => ({ done: 43000, total: 100000 }),
});
const page = await browser.newPage({ viewport: W, colorScheme: 'light' });
await page.goto(`http://127.0.0.1:${h.port}`);
await page.getByText('Mailstop is starting').first().waitFor();
await page.screenshot({ path: `${out}/starting.png` });
await page.close();
