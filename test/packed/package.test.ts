import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { pack, run } from './a-project.ts';

/** The package as it is published, looked at from outside. Needs what `npm run build` makes, and no network. */

const root = join(import.meta.dirname, '../..');
const manifest = z
  .object({
    bin: z.record(z.string(), z.string()),
    exports: z.record(z.string(), z.unknown()),
    imports: z.record(z.string(), z.string()),
  })
  .parse(JSON.parse(readFileSync(join(root, 'dist/package.json'), 'utf8')));

const folder = mkdtempSync(join(tmpdir(), 'mailstop-package-'));
let tarball = '';
let files: readonly string[] = [];

beforeAll(async () => {
  tarball = await pack(folder);
  const listed = execFileSync('tar', ['-tzf', tarball], { encoding: 'utf8' });
  files = listed
    .trim()
    .split(/\r?\n/)
    .map((path) => path.replace('package/', ''));
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('contains everything that its manifest names', () => {
  const named = [...Object.values(manifest.bin), ...Object.values(manifest.imports), ...strings(manifest.exports)];
  expect(named.filter((path) => !files.includes(path.replace('./', '')))).toEqual([]);
});

test('contains only code and documents', () => {
  const known =
    /^((chunks\/)?[\w-]+\.(c?js|d\.c?ts)|ui\/.*|package\.json|docs\/[\w-]+\.md|(README|CONTRIBUTING|CHANGELOG)\.md|docker-compose\.yml|LICENSE|THIRD_PARTY_LICENSES)$/;
  expect(files.filter((name) => !known.test(name))).toEqual([]);
});

test('every link of its README leads somewhere', () => {
  const readme = execFileSync('tar', ['-xzOf', tarball, 'package/README.md'], { encoding: 'utf8' });
  const links = [...readme.matchAll(/\]\(([^)#]+)|\b(?:src|href)="([^"]+)/g)].map(
    ([, link, other]) => link ?? other ?? '',
  );
  expect(links.length).toBeGreaterThan(10);
  expect(links.filter((link) => !link.startsWith('https://') && !files.includes(link))).toEqual([]);
});

test('publint finds nothing', async () => {
  const printed = await run(process.execPath, [bin('publint/src/cli.js'), 'run', tarball, '--strict'], root);
  expect(printed).toContain('All good!');
}, 60_000);

test('are the types wrong? Not for whoever imports them', async () => {
  const args = [
    bin('@arethetypeswrong/cli/dist/index.js'),
    tarball,
    '--profile',
    'strict',
    // Of Vitest alone, which is an ES module itself.
    '--ignore-rules',
    'cjs-resolves-to-esm',
    '--format',
    'ascii',
    '--no-color',
  ];
  const printed = await run(process.execPath, args, root);
  const entries = Object.keys(manifest.exports).map((name) => `"${name.replace('.', 'mailstop')}"`);
  expect(printed.match(/^"mailstop.*"$/gm)?.sort()).toEqual(entries.sort());
  expect(printed.match(/^"mailstop.*"(?=\s+node10: .*\s+node16 \(from CJS\): .*\(ESM\))/gm)).toEqual([
    '"mailstop/vitest"',
  ]);
}, 60_000);

function bin(path: string): string {
  return join(root, 'node_modules', path);
}

function strings(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(strings) : [];
}
