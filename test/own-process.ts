import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/**
 * Runs code as a module in a new process.
 * @param code its imports are relative to this file
 * @returns its output; rejects unless the exit code is 0
 */
export async function inOwnProcess(code: string): Promise<string> {
  const args = ['--import', 'tsx', '--input-type=module', '--eval', code];
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    cwd: fileURLToPath(new URL('.', import.meta.url)),
  });
  return stdout;
}
