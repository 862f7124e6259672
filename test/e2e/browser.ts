import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium } from 'playwright-core';
import { findChromium } from '../find-browser.ts';

/** The browser makes no requests by itself, so a test can check that a page made none. */
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
 * @throws if there is none; `npm test` installs one
 */
export async function launchBrowser(flags: readonly string[] = []): Promise<Browser & AsyncDisposable> {
  return chromium.launch({ executablePath: executable(), args: [...FLAGS, ...flags, ...asRoot()] });
}

/** Flags of Playwright that turn off what normal browsers do, such as preconnecting. */
const QUIET = ['--headless', '--disable-background-networking', '--disable-features'];

/**
 * A normal browser with a profile on disk: in an incognito window, as in most tests, Chromium does not preconnect.
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

/** Chromium's sandbox does not work for root, the usual user in containers. */
function asRoot(): readonly string[] {
  return process.getuid?.() === 0 ? ['--no-sandbox'] : [];
}
