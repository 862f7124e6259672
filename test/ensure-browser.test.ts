import { expect, test } from 'vitest';
import { ensureBrowser, type Tools, waysToInstall } from './ensure-browser.ts';

const debian = { what: 'the package', commands: [] };
const download = { what: 'the download', commands: [] };

/** Tools for a machine with a browser at `before`, or with ways that each install one at its own path. */
function machine(facts: {
  before?: string;
  broken?: readonly string[];
  leaves?: Readonly<Record<string, string>>;
}): Tools & { readonly said: string[] } {
  let path = facts.before ?? null;
  const said: string[] = [];
  return {
    find: () => path,
    objection: (at) => (facts.broken?.includes(at) ? 'libnss3.so is missing' : null),
    ways: [debian, download],
    take: ({ what }) => {
      const left = facts.leaves?.[what];
      if (left === undefined) return 'no network';
      path = left;
      return null;
    },
    say: (line) => said.push(line),
    said,
  };
}

test('an existing browser is used, and nothing is installed or printed', () => {
  const tools = machine({ before: '/usr/bin/chromium' });
  expect(ensureBrowser(tools)).toBe('/usr/bin/chromium');
  expect(tools.said).toEqual([]);
});

test('without one, the ways are tried in their order', () => {
  const tools = machine({ leaves: { 'the download': '/cache/chrome' } });
  expect(ensureBrowser(tools)).toBe('/cache/chrome');
  expect(tools.said).toEqual([
    'no browser for the tests: installing the package',
    'no browser for the tests: installing the download',
  ]);
});

test('a browser that does not start is replaced', () => {
  const tools = machine({ before: '/old', broken: ['/old'], leaves: { 'the package': '/usr/bin/chromium' } });
  expect(ensureBrowser(tools)).toBe('/usr/bin/chromium');
});

test('if nothing works, one sentence says what was tried and what to do', () => {
  const tools = machine({ before: '/old', broken: ['/old', '/new'], leaves: { 'the package': '/new' } });
  expect(() => ensureBrowser(tools)).toThrow(
    'The tests need a browser, and there is none (/old does not start: libnss3.so is missing; ' +
      'the package: libnss3.so is missing; the download: no network): ' +
      'install Chromium or Chrome, or set CHROMIUM_PATH to the program of one, and try again',
  );
});

test("only root on Debian gets the package; others get Playwright's", () => {
  const whats = (root: boolean, aptGet: boolean) => waysToInstall({ root, aptGet }).map(({ what }) => what);
  expect(whats(true, true)).toEqual(["Debian's chromium package", "Playwright's headless Chromium"]);
  expect(whats(false, true)).toEqual(["Playwright's headless Chromium"]);
  expect(whats(true, false)).toEqual(["Playwright's headless Chromium"]);
});

test('every way has a time limit', () => {
  const commands = waysToInstall({ root: true, aptGet: true }).flatMap((way) => way.commands);
  expect(commands.every(({ timeout }) => timeout > 0 && timeout <= 300_000)).toBe(true);
});
