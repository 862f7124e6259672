import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type BrowserMachine, findChromium } from './find-browser.ts';

/** A machine that holds exactly these programs. */
function machine(programs: readonly string[], more: Partial<BrowserMachine> = {}): BrowserMachine {
  const cached = programs.map((path) => /ms-playwright\/([^/]+)/.exec(path)?.[1]).filter((name) => name !== undefined);
  return {
    platform: 'linux',
    env: { PATH: '/usr/local/bin:/usr/bin' },
    home: '/home/ada',
    runs: (path) => programs.includes(path),
    list: (folder) => (folder.endsWith('ms-playwright') ? cached : []),
    ...more,
  };
}

test('CHROMIUM_PATH decides', () => {
  const env = { PATH: '/usr/bin', CHROMIUM_PATH: '/my/chrome' };
  expect(findChromium(machine(['/my/chrome', '/usr/bin/chromium'], { env }))).toBe('/my/chrome');
});

test('a wrong CHROMIUM_PATH is an error, not a reason to use another browser', () => {
  const env = { PATH: '/usr/bin', CHROMIUM_PATH: '/my/chrome' };
  expect(() => findChromium(machine(['/usr/bin/chromium'], { env }))).toThrow('CHROMIUM_PATH is "/my/chrome"');
});

test.each(['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'])('%s in PATH', (name) => {
  expect(findChromium(machine([`/usr/bin/${name}`]))).toBe(`/usr/bin/${name}`);
});

test("the Mac's application folder", () => {
  const app = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
  expect(findChromium(machine([app], { platform: 'darwin' }))).toBe(app);
  expect(findChromium(machine([app]))).toBeNull();
});

test("Playwright's cache: the newest, full browser or headless shell", () => {
  const cache = '/home/ada/.cache/ms-playwright';
  const old = `${cache}/chromium-900/chrome-linux/chrome`;
  const shell = `${cache}/chromium_headless_shell-1200/chrome-headless-shell-linux64/chrome-headless-shell`;
  expect(findChromium(machine([old, shell]))).toBe(shell);
  expect(findChromium(machine([old]))).toBe(old);
});

test("Playwright's cache where Windows has it", () => {
  const env = { PATH: '', LOCALAPPDATA: '/ada/local' };
  const chrome = join('/ada/local', 'ms-playwright', 'chromium-1200', 'chrome-win64/chrome.exe');
  expect(findChromium(machine([chrome], { platform: 'win32', env }))).toBe(chrome);
});

test('a machine without a browser', () => {
  expect(findChromium(machine([]))).toBeNull();
});
