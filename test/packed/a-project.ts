import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const root = join(import.meta.dirname, '../..');

/** A user's project in a folder of its own. */
export interface Project extends Disposable {
  readonly folder: string;
  /** What a program prints there. @throws {Error} with all that it printed when it fails */
  run(program: string, args: readonly string[], env?: Record<string, string>): Promise<string>;
  node(args: readonly string[], env?: Record<string, string>): Promise<string>;
  npm(...args: readonly string[]): Promise<string>;
  /** Installs Mailstop from its tarball. Offline, since it depends on nothing. */
  install(): Promise<void>;
  /** Lends it packages of ours that have nothing to do with Mailstop's own dependencies. */
  link(...packages: readonly string[]): void;
}

/** The project beside this file, in an empty folder: nothing is installed yet. */
export function aProject(): Project {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'mailstop-sample-')));
  cpSync(join(import.meta.dirname, 'sample'), folder, { recursive: true });
  const npm = (...args: readonly string[]) => run('npm', args, folder);
  return {
    folder,
    run: (program, args, env) => run(program, args, folder, env),
    node: (args, env) => run(process.execPath, args, folder, env),
    npm,
    async install() {
      await npm('install', await pack(folder), '--offline', '--no-audit', '--no-fund');
    },
    link(...packages) {
      for (const name of packages) {
        mkdirSync(dirname(join(folder, 'node_modules', name)), { recursive: true });
        symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name), 'junction');
      }
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** @returns the path of the packed package. Without scripts: it would be built again, under the feet of other tests. */
export async function pack(folder: string): Promise<string> {
  const printed = await run(
    'npm',
    ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder],
    join(root, 'dist'),
  );
  return join(folder, printed.trim());
}

/** What a program prints, run as by a user. @throws {Error} with all that it printed when it fails */
export async function run(program: string, args: readonly string[], cwd: string, env: Record<string, string> = {}) {
  const shell = process.platform === 'win32' && program === 'npm';
  const options = { cwd, shell, env: { ...users, ...env } };
  const running = promisify(execFile)(program, args, options);
  const { stdout } = await running.catch(({ stdout, stderr }: { stdout: string; stderr: string }) => {
    throw new Error(`${program} ${args.join(' ')} failed:\n${stdout}\n${stderr}`);
  });
  return stdout;
}

/** The environment without what npm and Vitest put into it for the tests, and their users don't have. */
const users = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(npm_|VITEST|NODE_|TEST$|FORCE_COLOR)/.test(name)),
);
