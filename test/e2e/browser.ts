import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium } from 'playwright-core';
import { findChromium } from '../find-browser.ts';

/** Quiet: the browser makes no request of its own, so a test can tell that a page made none. */
const FLAGS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * A headless Chromium or Chrome, whichever `findChromium` finds.
 * @throws when there is none; `npm test` sees to it that there is one
 */
export async function launchBrowser(flags: readonly string[] = []): Promise<Browser & AsyncDisposable> {
  return chromium.launch({ executablePath: executable(), args: [...FLAGS, ...flags, ...asRoot()] });
}

/** What Playwright tells Chromium to leave out, and what people's browsers do: connecting ahead is among it. */
const QUIET = ['--headless', '--disable-background-networking', '--disable-features'];

/**
 * A browser as people use it, with a profile on disk: in an incognito window, which tests usually have, Chromium
 * connects to nobody ahead of time.
 */
export async function launchWithProfile(...args: readonly string[]): Promise<BrowserContext & AsyncDisposable> {
  const folder = mkdtempSync(join(tmpdir(), 'mailstop-profile-'));
  const context = await chromium.launchPersistentContext(folder, {
    executablePath: executable(),
    ignoreDefaultArgs: QUIET,
    args: ['--headless=new', '--disable-gpu', '--disable-quic', ...asRoot(), ...args],
  });
  return Object.assign(context, {
    [Symbol.asyncDispose]: async () => {
      await context.close();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  });
}

function executable(): string {
  const executablePath = findChromium();
  if (executablePath === null) throw new Error('No Chromium found: run npm run browser, or set CHROMIUM_PATH');
  return executablePath;
}

/** Chromium's sandbox refuses to work for root, as which containers commonly run. */
function asRoot(): readonly string[] {
  return process.getuid?.() === 0 ? ['--no-sandbox'] : [];
}
