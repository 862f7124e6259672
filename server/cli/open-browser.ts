import { spawn } from 'node:child_process';
import type { Log } from '../log.ts';

/** Opens a page in the user's browser, if there is one; without a screen the server runs on regardless. */
export function openInBrowser(url: string, log: Log): void {
  const [command, ...args] = opener(url);
  const child = spawn(command, args, { stdio: 'ignore', detached: true });
  child.on('error', () => log.warn('no browser could be opened', { url }));
  child.unref();
}

function opener(url: string): [command: string, ...args: string[]] {
  switch (process.platform) {
    case 'darwin':
      return ['open', url];
    case 'win32':
      return ['cmd', '/c', 'start', '""', url];
    default:
      return ['xdg-open', url];
  }
}
