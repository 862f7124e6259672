import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { aProject, pack } from './a-project.ts';

/**
 * The package as its users have it: installed by npm from its tarball into an empty project, and used there. Needs what `npm run build` makes.
 */

const MAX_INSTALLED_BYTES = 8e6;

const project = aProject();
const modules = join(project.folder, 'node_modules');
const offline = 'the npm registry cannot be reached, and npm has not kept what an installation needs';
let installed = false;
/** What npm has put there, before anything is lent to it. */
let packages: readonly string[] = [];
let sizes: readonly number[] = [];

beforeAll(async () => {
  const tarball = await pack(project.folder);
  try {
    await project.npm('install', tarball, '--omit=dev', '--prefer-offline', '--no-audit', '--no-fund');
    installed = true;
    packages = readdirSync(modules).filter((name) => !name.startsWith('.'));
    sizes = sizesOf(modules);
    // What the app sends its mail with.
    project.link('nodemailer');
  } catch (error) {
    if (!/\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|ETIMEDOUT|ENOTCACHED)\b/.test(`${error}`))
      throw error;
  }
}, 300_000);

beforeEach(({ skip }) => skip(!installed, offline));

afterAll(() => project[Symbol.dispose]());

test(`is one package, of at most ${MAX_INSTALLED_BYTES / 1e6} MB`, () => {
  console.log(`installed: ${(sum(sizes) / 1e6).toFixed(1)} MB in ${sizes.length} files`);
  expect(packages).toEqual(['mailstop']);
  expect(sum(sizes)).toBeLessThan(MAX_INSTALLED_BYTES);
});

test('npm links its command', async () => {
  expect(await project.npm('exec', '--offline', '--', 'mailstop', '--version')).toMatch(/^\d+\.\d+\.\d+$/m);
});

test('from plain JavaScript', async () => {
  expect(await project.node(['plain.js'])).toBe('200 text/html; charset=utf-8 true\n');
});

test('from TypeScript, whose types hold for Node alone, those of all libraries checked', async () => {
  project.link('typescript', '@types/node', 'undici-types');
  await project.node([join(modules, 'typescript/bin/tsc'), '-p', '.']);
  expect(JSON.parse(await project.node(['typescript.js']))).toEqual({
    link: 'https://shop.test/reset?token=4f9a2c',
    total: 42,
    // Ada's own mail; Bob's is only counted.
    late: 1,
    taken: 'cannot-listen',
    gone: 404,
  });
});

describe('with test frameworks linked into it', () => {
  beforeAll(() => {
    if (installed) project.link('vitest', 'jest', '@jest/globals', 'expect', '@playwright/test');
  });

  test('Vitest', async () => {
    await twice([join(modules, 'vitest/vitest.mjs'), 'run', 'vitest.spec.ts', '--reporter=json'], '--update', {
      success: true,
      numPassedTests: 2,
    });
  }, 60_000);

  test('Jest', async () => {
    const args = ['--experimental-vm-modules', join(modules, 'jest/bin/jest.js'), 'jest.spec.js', '--json'];
    await twice(args, '--updateSnapshot', { success: true, numPassedTests: 2 });
  }, 60_000);

  test("Playwright's runner", async () => {
    const args = [join(modules, '@playwright/test/cli.js'), 'test', 'playwright.spec.ts', '--reporter=json'];
    await twice(args, '--update-snapshots=all', { stats: { expected: 2, unexpected: 0, flaky: 0, skipped: 0 } });
  }, 120_000);

  test('their types', async () => {
    await project.node([join(modules, 'typescript/bin/tsc'), '-p', 'tsconfig.frameworks.json']);
  }, 60_000);
});

/** What the first run writes down has to hold for the second one, which may not write: under CI no runner would. */
async function twice(args: readonly string[], update: string, expected: object) {
  expect(JSON.parse(await project.node([...args, update]))).toMatchObject(expected);
  expect(JSON.parse(await project.node(args, { CI: 'true' }))).toMatchObject(expected);
}

/** @returns octets of each file in a folder */
function sizesOf(path: string): readonly number[] {
  const stat = lstatSync(path);
  if (!stat.isDirectory()) return [stat.size];
  return readdirSync(path).flatMap((name) => sizesOf(join(path, name)));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0);
}
