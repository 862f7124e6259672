/** Takes the pictures under docs/screenshots: `npx tsx test/e2e/screenshots.ts` after a build. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { createApi } from '../../client/index.ts';
import { start } from '../../server/app/start.ts';
import { defaults } from '../../server/config/config.ts';
import { silent } from '../../server/log.ts';
import { launchBrowser } from './browser.ts';
import { fill } from './mailbox/fill.ts';

const OUT = join(import.meta.dirname, '../../docs/screenshots');
const SIZES = { wide: { width: 1280, height: 800 }, narrow: { width: 390, height: 780 } } as const;
const THEMES = ['light', 'dark'] as const;

async function shoot(
  browser: Browser,
  name: string,
  url: string,
  prepare: (page: Page) => Promise<void>,
): Promise<void> {
  for (const [size, viewport] of Object.entries(SIZES)) {
    for (const theme of THEMES) {
      const page = await browser.newPage({ viewport, colorScheme: theme, locale: 'en-GB', reducedMotion: 'reduce' });
      await page.goto(url);
      await page.getByText('Live', { exact: true }).waitFor({ state: 'attached' });
      await prepare(page);
      await page.screenshot({ path: join(OUT, `${name}-${size}-${theme}.png`) });
      await page.close();
    }
  }
}

const now = new Date();
let clock = now;
const setClock = (time: Date) => {
  clock = time;
};
await mkdir(OUT, { recursive: true });
await using browser = await launchBrowser();
const surroundings = { log: silent, version: '0.1.0', now: () => clock };
// The usual ports look best in a picture; if they are taken, use others.
await using mailstop = await start(defaults, surroundings).catch(() =>
  start({ ...defaults, smtpPort: 0, httpPort: 0, pop3Port: 0 }, surroundings),
);
const { smtp, http } = mailstop.about;
const url = `http://${http.host}:${http.port}`;

await shoot(browser, 'empty', url, async (page) => {
  await page.getByRole('tab', { name: 'Nodemailer' }).waitFor();
});

await fill({ smtp, url, setClock }, now);
const api = createApi(url);
await shoot(browser, 'inbox', url, async (page) => {
  await page.getByText('Reset your password').waitFor();
  await page.getByText('Imported 48,211').first().waitFor({ state: 'attached' });
});

const [order] = (await api.list('subject:"on its way"')).messages;
if (!order) throw new Error('The order is not in the mailbox');
await api.patch(order.id, { read: true });
await shoot(browser, 'message', `${url}/messages/${order.id}`, async (page) => {
  await page.frameLocator('iframe').getByText('Follow the parcel').waitFor();
  await page.frameLocator('iframe').getByRole('img').waitFor();
});
