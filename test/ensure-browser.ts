import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { findChromium } from './find-browser.ts';
import { findProgram } from './find-program.ts';

/** One way to get a browser: what is told to the user, and the commands, each with its limit in milliseconds. */
export interface Way {
  readonly what: string;
  readonly commands: readonly {
    readonly program: string;
    readonly args: readonly string[];
    readonly timeout: number;
  }[];
}

const INSTALL_MS = 300_000;
const PLAYWRIGHT = join(createRequire(import.meta.url).resolve('playwright-core/package.json'), '..', 'cli.js');

/**
 * The ways to get a browser on this kind of machine, best first. Debian's package goes before Playwright's
 * download because it brings the libraries along that a bare machine lacks.
 */
export function waysToInstall(machine: { readonly root: boolean; readonly aptGet: boolean }): readonly Way[] {
  const apt = (...args: string[]) => ({ program: 'apt-get', args: ['-qq', '-y', ...args], timeout: INSTALL_MS });
  const debian: Way = {
    what: "Debian's chromium package",
    commands: [apt('update'), apt('install', '--no-install-recommends', 'chromium', 'fonts-liberation')],
  };
  const playwright: Way = {
    what: "Playwright's headless Chromium",
    commands: [
      { program: process.execPath, args: [PLAYWRIGHT, 'install', '--only-shell', 'chromium'], timeout: INSTALL_MS },
    ],
  };
  return machine.root && machine.aptGet ? [debian, playwright] : [playwright];
}

/** What the search and the installation are done with: given by tests. */
export interface Tools {
  readonly find: () => string | null;
  /** Null when the browser starts, else why not. */
  readonly objection: (path: string) => string | null;
  readonly ways: readonly Way[];
  /** Null if all commands of the way succeeded, or else why not. */
  readonly take: (way: Way) => string | null;
  readonly say: (line: string) => void;
}

const ADVICE = 'install Chromium or Chrome, or set CHROMIUM_PATH to the program of one, and try again';

/**
 * Finds a browser that starts, or gets one.
 * @returns its path
 * @throws with one sentence that says what to do
 */
export function ensureBrowser({ find, objection, ways, take, say }: Tools): string {
  const found = find();
  const broken = found === null ? null : objection(found);
  if (found !== null && broken === null) return found;
  const tried = found === null ? [] : [`${found} does not start: ${broken}`];
  for (const way of ways) {
    say(`no browser for the tests: installing ${way.what}`);
    const failure = take(way);
    const path = failure === null ? find() : null;
    const objected = path === null ? (failure ?? 'it cannot be found afterwards') : objection(path);
    if (path !== null && objected === null) return path;
    tried.push(`${way.what}: ${objected}`);
  }
  throw new Error(`The tests need a browser, and there is none (${tried.join('; ')}): ${ADVICE}`);
}

/** `--version` needs all the libraries that a page needs, and no display. */
function objectionTo(path: string): string | null {
  if (process.platform === 'win32') return null; // there it opens a window
  return run(path, ['--version'], 30_000, 'pipe');
}

function take({ commands }: Way): string | null {
  for (const { program, args, timeout } of commands) {
    const failure = run(program, args, timeout, 'inherit');
    if (failure !== null) return failure;
  }
  return null;
}

/** @returns null when the program ended well within `timeout` milliseconds, else why not */
function run(program: string, args: readonly string[], timeout: number, output: 'inherit' | 'pipe'): string | null {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const stdio: ['ignore', typeof output, typeof output] = ['ignore', output, output];
  const { error, status, stderr } = spawnSync(program, args, { timeout, env, stdio, killSignal: 'SIGKILL' });
  if (error)
    return 'code' in error && error.code === 'ETIMEDOUT' ? `not done after ${timeout / 1000} s` : error.message;
  if (status === 0) return null;
  const lastWords = stderr?.toString().trim().split('\n').at(-1);
  return lastWords || `${program} ended with ${status}`;
}

if (process.argv[1] === import.meta.filename) {
  try {
    ensureBrowser({
      find: findChromium,
      objection: objectionTo,
      ways: waysToInstall({ root: process.getuid?.() === 0, aptGet: findProgram(['apt-get']) !== null }),
      take,
      say: (line) => console.error(line),
    });
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
