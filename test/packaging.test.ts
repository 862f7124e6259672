import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';

/**
 * The package as a user gets it: packed, unpacked elsewhere, with nothing beside it but its production dependencies.
 * Needs what `npm run build` makes, and no network.
 */

const run = promisify(execFile);
const root = join(import.meta.dirname, '..');
const MAX_INSTALLED_BYTES = 30e6;

const manifest = z
  .object({
    version: z.string(),
    bin: z.record(z.string(), z.string()),
    exports: z.record(z.string(), z.unknown()),
    imports: z.record(z.string(), z.string()),
  })
  .parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));

const elsewhere = mkdtempSync(join(tmpdir(), 'mailstop-package-'));
const modules = join(elsewhere, 'node_modules');
const installed = join(modules, 'mailstop');

beforeAll(async () => {
  const npm = (...args: string[]) => run('npm', args, { cwd: root, shell: process.platform === 'win32' });
  // Without scripts: packing would build again, under the feet of the other tests.
  await npm('pack', '--ignore-scripts', '--pack-destination', elsewhere);
  mkdirSync(modules);
  await run('tar', ['-xzf', `mailstop-${manifest.version}.tgz`], { cwd: elsewhere });
  renameSync(join(elsewhere, 'package'), installed);

  const { stdout } = await npm('ls', '--omit=dev', '--all', '--parseable');
  for (const path of stdout.trim().split('\n')) {
    const name = relative(join(root, 'node_modules'), path);
    if (name.startsWith('..') || name.includes('node_modules')) continue; // itself, and what comes with its parent
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(path, join(modules, name), 'junction');
  }
}, 60_000);

afterAll(() => rmSync(elsewhere, { recursive: true, force: true }));

test('holds all that its manifest names', () => {
  const named = [...Object.values(manifest.bin), ...Object.values(manifest.imports), ...strings(manifest.exports)];
  expect(named.filter((path) => !statSync(join(installed, path), { throwIfNoEntry: false })?.isFile())).toEqual([]);
});

test('holds nothing but what runs and what is to be read', () => {
  const files = readdirSync(installed, { recursive: true, encoding: 'utf8' }).filter((name) =>
    statSync(join(installed, name)).isFile(),
  );
  const known = /^(dist[\\/](server|client|ui)[\\/].*|package\.json|README\.md|LICENSE|CHANGELOG\.md)$/;
  expect(files.filter((name) => !known.test(name))).toEqual([]);
});

test('its command runs with the production dependencies alone', async () => {
  const command = resolve(installed, manifest.bin['mailstop'] ?? '');
  const { stdout } = await run(process.execPath, [command, '--version'], { cwd: elsewhere });
  expect(stdout.trim()).toBe(manifest.version);
});

/** Nobody has them all: test/matchers/ runs each with the framework that it is for. */
const forFrameworks = ['./vitest', './jest', './playwright'];

test('every entry can be imported that is for no framework', async () => {
  const entries = Object.keys(manifest.exports).filter(
    (name) => !name.endsWith('.json') && !forFrameworks.includes(name),
  );
  const imports = entries.map((name) => `await import(${JSON.stringify(name.replace('.', 'mailstop'))});`).join('\n');
  await run(process.execPath, ['--input-type=module', '--eval', imports], { cwd: elsewhere });
});

test(`is small: under ${MAX_INSTALLED_BYTES / 1e6} MB with its dependencies`, () => {
  const folders = readdirSync(modules).flatMap((name) =>
    name.startsWith('@') ? readdirSync(join(modules, name)).map((inner) => join(name, inner)) : [name],
  );
  const sizes = folders.map((name) => ({ name, size: sizeOf(join(modules, name)) })).sort((a, b) => b.size - a.size);
  const all = sizes.reduce((sum, { size }) => sum + size, 0);
  const largest = sizes.slice(0, 5).map(({ name, size }) => `${name} ${(size / 1e6).toFixed(1)}`);
  console.log(`installed: ${(all / 1e6).toFixed(1)} MB; the largest in MB: ${largest.join(', ')}`);
  expect(all).toBeLessThan(MAX_INSTALLED_BYTES);
});

function strings(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(strings) : [];
}

/** @returns octets of all files in a folder, also of one that is linked to */
function sizeOf(path: string): number {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.size;
  return readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0);
}
