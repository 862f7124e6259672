import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aProject } from './a-project.ts';

/**
 * The package as its users have it: installed by npm from its tarball into an empty project, and used there. Needs what `npm run build` makes.
 */

const MAX_INSTALLED_BYTES = 8e6;

const project = aProject();
const modules = join(project.folder, 'node_modules');
/** What npm has put there, before anything is lent to it. */
let packages: readonly string[] = [];
let sizes: readonly number[] = [];

beforeAll(async () => {
  await project.install();
  packages = readdirSync(modules).filter((name) => !name.startsWith('.'));
  sizes = sizesOf(modules);
  // What the app sends its mail with.
  project.link('nodemailer');
});

afterAll(() => project[Symbol.dispose]());

test(`is one package, of at most ${MAX_INSTALLED_BYTES / 1e6} MB`, () => {
  console.log(`installed: ${(sum(sizes) / 1e6).toFixed(1)} MB in ${sizes.length} files and folders`);
  expect(packages).toEqual(['mailstop']);
  expect(sum(sizes)).toBeLessThan(MAX_INSTALLED_BYTES);
});

test('npm links its command', async () => {
  expect(await project.npm('exec', '--offline', '--', 'mailstop', '--version')).toMatch(/^\d+\.\d+\.\d+$/m);
});

test('from plain JavaScript', async () => {
  expect(await project.node(['plain.js'])).toBe('200 text/html; charset=utf-8 true\n');
});

test('from CommonJS', async () => {
  expect(await project.node(['commonjs/reset.js'])).toBe('https://shop.test/reset?token=4f9a2c\n');
});

test('node:test', async () => {
  expect(await project.node(['--test', '--test-reporter=tap', 'node.spec.js'])).toMatch(/^# pass 1$/m);
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
    project.link('vitest', 'jest', '@jest/globals', 'expect', '@playwright/test');
  });

  const inModules = (path: string) => join(modules, path);
  const patiently = '--testTimeout=60000';

  test('Vitest', async () => {
    const args = [inModules('vitest/vitest.mjs'), 'run', 'vitest.spec.ts', '--reporter=json', patiently];
    await twice(args, '--update', { success: true, numPassedTests: 2 });
  });

  test('Jest', async () => {
    const args = ['--experimental-vm-modules', inModules('jest/bin/jest.js'), 'jest.spec.js', '--json', patiently];
    await twice(args, '--updateSnapshot', { success: true, numPassedTests: 2 });
  });

  test('Jest in CommonJS, with babel-jest', async () => {
    const config = JSON.stringify({ rootDir: join(project.folder, 'commonjs') });
    const args = [inModules('jest/bin/jest.js'), 'reset.spec.js', '--json', patiently, '--config', config];
    expect(JSON.parse(await project.node(args))).toMatchObject({ success: true, numPassedTests: 2 });
  });

  test("Playwright's runner", async () => {
    const args = [inModules('@playwright/test/cli.js'), 'test', 'playwright.spec.ts', '--reporter=json'];
    const expected = { stats: { expected: 2, unexpected: 0, flaky: 0, skipped: 0 } };
    await twice([...args, '--timeout=60000'], '--update-snapshots=all', expected);
  });

  test('their types', async () => {
    await project.node([inModules('typescript/bin/tsc'), '-p', 'tsconfig.frameworks.json']);
  });
});

/** What the first run writes down has to hold for the second one, which may not write: under CI no runner would. */
async function twice(args: readonly string[], update: string, expected: object) {
  expect(JSON.parse(await project.node([...args, update]))).toMatchObject(expected);
  expect(JSON.parse(await project.node(args, { CI: 'true' }))).toMatchObject(expected);
}

/** @returns octets on the disk of each file and folder in a folder, as `du` counts them */
function sizesOf(path: string): readonly number[] {
  const stat = lstatSync(path);
  const size = Math.max(stat.size, stat.blocks * 512);
  return stat.isDirectory() ? [size, ...readdirSync(path).flatMap((name) => sizesOf(join(path, name)))] : [size];
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0);
}
