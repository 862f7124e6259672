import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './a-project.ts';

/**
 * What Mailstop is used with and this repository is not made with. Not among its dependencies: they take 250 MB, and
 * ts-jest wants another TypeScript than ours, by this name.
 */
const versions = {
  bun: '1.4.5',
  deno: '2.9.6',
  'ts-jest': '29.4.15',
  typescript: '5.9.3',
  'typescript-5.4': 'npm:typescript@5.4.5',
};
export type Tool = keyof typeof versions;
const tools = Object.keys(versions) as Tool[];

/** In our `node_modules`, where ts-jest finds our Jest. */
const folder = join(import.meta.dirname, '../../node_modules/.cache/mailstop-tools');
const modules = join(folder, 'node_modules');
// Optional, so that one that this machine can't have does not keep the others from being installed.
const manifest = JSON.stringify({ private: true, optionalDependencies: versions });

/** Installs from npm those that are not there yet, and leaves out what can't be installed. */
export async function installTools(): Promise<void> {
  const ours = join(folder, 'package.json');
  // npm writes its list last.
  const finished = existsSync(join(modules, '.package-lock.json')) && readFileSync(ours, 'utf8') === manifest;
  if (finished && tools.every((tool) => pathOf(tool) !== null)) return;
  if (!finished) rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(ours, manifest);
  const quietly = ['--no-audit', '--no-fund', '--no-package-lock', '--legacy-peer-deps', '--ignore-scripts'];
  const network = ['--prefer-offline', '--fetch-retries=1', '--fetch-retry-mintimeout=1000'];
  await run('npm', ['install', ...quietly, ...network], folder).catch(() => {});
}

/** @returns what runs it: a program for Bun and Deno, otherwise a file for Node; null if it is not installed */
export function pathOf(tool: Tool): string | null {
  const windows = process.platform === 'win32' ? '.exe' : '';
  switch (tool) {
    case 'bun':
      return forThisMachine('@oven', `bin/bun${windows}`);
    case 'deno':
      return forThisMachine('@deno', `deno${windows}`);
    case 'ts-jest':
      return existing(join(modules, tool, 'dist/index.js'));
    default:
      return existing(join(modules, tool, 'bin/tsc'));
  }
}

/** In a package for each platform, of which npm installs the right one. */
function forThisMachine(scope: string, path: string): string | null {
  const [platform] = existing(join(modules, scope)) === null ? [] : readdirSync(join(modules, scope));
  return platform === undefined ? null : existing(join(modules, scope, platform, path));
}

function existing(path: string): string | null {
  return existsSync(path) ? path : null;
}
