import { execFile } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const modulesOfRoot = join(root, 'node_modules');

export interface Ended {
  /** Null when a signal ended it. */
  readonly code: number | null;
  /** Both streams, without colours. */
  readonly output: string;
}

export interface Project extends Disposable {
  readonly folder: string;
  /** Runs a program of the project by its path in node_modules. */
  run(script: string, args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ended>;
}

/**
 * A user's project outside of ours, with the package installed as npm does it: as a folder and not a link, since
 * frameworks distinguish files of users and packages by their path.
 * @param source what is in it: a folder to copy, or texts by the names of their files
 */
export function aProject(source: string | ReadonlyMap<string, string>): Project {
  const folder = mkdtempSync(join(tmpdir(), 'mailstop-project-'));
  if (typeof source === 'string') cpSync(source, folder, { recursive: true });
  else for (const [name, text] of source) writeFileSync(join(folder, name), text);
  const modules = join(folder, 'node_modules');
  mkdirSync(modules);
  for (const name of readdirSync(modulesOfRoot)) {
    if (!name.startsWith('.')) symlinkSync(join(modulesOfRoot, name), join(modules, name), 'junction');
  }
  const installed = join(modules, 'mailstop');
  cpSync(join(root, 'dist'), installed, { recursive: true });
  // What `npx mailstop` finds.
  mkdirSync(join(modules, '.bin'));
  chmodSync(join(installed, 'cli.js'), 0o755);
  symlinkSync('../mailstop/cli.js', join(modules, '.bin/mailstop'));
  return {
    folder,
    run: (script, args, env = {}) =>
      new Promise((resolve) => {
        const { PATH = '', HOME = '' } = process.env;
        const options = {
          cwd: folder,
          env: { PATH, HOME, NO_COLOR: '1', FORCE_COLOR: '0', CI: '1', ...env },
          timeout: 170_000,
        };
        execFile(process.execPath, [join(modules, script), ...args], options, (error, stdout, stderr) => {
          const code = error === null ? 0 : typeof error.code === 'number' ? error.code : null;
          resolve({ code, output: `${stdout}\n${stderr}` });
        });
      }),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}
