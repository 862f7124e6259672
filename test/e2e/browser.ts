import { type Browser, chromium } from 'playwright-core';
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
  const executablePath = findChromium();
  if (executablePath === null) throw new Error('No Chromium found: run npm run browser, or set CHROMIUM_PATH');
  // Chromium's sandbox refuses to work for root, as which containers commonly run.
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({ executablePath, args: [...FLAGS, ...flags, ...asRoot] });
}
