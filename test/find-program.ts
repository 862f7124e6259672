import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** What the search looks at: given by tests, taken from the process otherwise. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** True for a file that this user may run. */
  readonly runs: (path: string) => boolean;
}

export const thisMachine: Machine = { platform: process.platform, env: process.env, runs };

/** @returns the path of the first of these programs that PATH leads to; null when there is none */
export function findProgram(names: readonly string[], { platform, env, runs }: Machine = thisMachine): string | null {
  const folders = (env['PATH'] ?? env['Path'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const endings = platform === 'win32' ? ['.exe', '.cmd', '.bat', ''] : [''];
  for (const name of names) {
    for (const folder of folders) {
      for (const ending of endings) {
        const path = join(folder, name + ending);
        if (runs(path)) return path;
      }
    }
  }
  return null;
}

function runs(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
