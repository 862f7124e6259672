import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { findProgram, type Machine, thisMachine } from './find-program.ts';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

const MAC_APPS = [
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** Below a folder of Playwright's cache, like `chromium-1217` or `chromium_headless_shell-1217`. */
const IN_PLAYWRIGHT_CACHE = [
  'chrome-linux64/chrome',
  'chrome-linux/chrome',
  'chrome-headless-shell-linux64/chrome-headless-shell',
  'chrome-linux/headless_shell',
  'chrome-mac-arm64/Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing',
  'chrome-mac-x64/Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing',
  'chrome-mac/Chromium.app/Contents/MacOS/Chromium',
  'chrome-headless-shell-mac-arm64/chrome-headless-shell',
  'chrome-headless-shell-mac-x64/chrome-headless-shell',
  'chrome-mac/headless_shell',
  'chrome-win64/chrome.exe',
  'chrome-win/chrome.exe',
  'chrome-headless-shell-win64/chrome-headless-shell.exe',
  'chrome-win/headless_shell.exe',
];

/** The machine, and what is needed to search it for browsers. */
export interface BrowserMachine extends Machine {
  readonly home: string;
  /** Names in a folder; none when it does not exist. */
  readonly list: (folder: string) => readonly string[];
}

const here: BrowserMachine = { ...thisMachine, home: homedir(), list: listFolder };

/**
 * The Chromium or Chrome that the browser tests use. CHROMIUM_PATH decides when it is set: a wrong one is an
 * error, not a reason to take another browser.
 * @returns null when there is none
 */
export function findChromium(machine: BrowserMachine = here): string | null {
  const chosen = machine.env['CHROMIUM_PATH'];
  if (chosen) {
    if (machine.runs(chosen)) return chosen;
    throw new Error(`CHROMIUM_PATH is "${chosen}", which is not a program that can be run`);
  }
  return findProgram(NAMES, machine) ?? findMacApp(machine) ?? findInPlaywrightCache(machine);
}

function findMacApp({ platform, runs }: BrowserMachine): string | null {
  return platform === 'darwin' ? (MAC_APPS.find(runs) ?? null) : null;
}

function findInPlaywrightCache(machine: BrowserMachine): string | null {
  const cache = playwrightCache(machine);
  const newestFirst = machine
    .list(cache)
    .filter((name) => /^chromium(_headless_shell)?-\d+$/.test(name))
    .sort((a, b) => Number(b.split('-')[1]) - Number(a.split('-')[1]));
  for (const name of newestFirst) {
    const found = IN_PLAYWRIGHT_CACHE.map((path) => join(cache, name, path)).find(machine.runs);
    if (found) return found;
  }
  return null;
}

function playwrightCache({ platform, env, home }: BrowserMachine): string {
  const chosen = env['PLAYWRIGHT_BROWSERS_PATH'];
  if (chosen && chosen !== '0') return chosen;
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'ms-playwright');
  if (platform === 'win32') return join(env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), 'ms-playwright');
  return join(env['XDG_CACHE_HOME'] ?? join(home, '.cache'), 'ms-playwright');
}

function listFolder(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
