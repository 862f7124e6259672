import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/**
 * Runs code as a module in a new process.
 * @param code its imports are seen from here
 * @returns what it printed; rejects when it ends with another exit code than 0
 */
export async function inOwnProcess(code: string): Promise<string> {
  const args = ['--import', 'tsx', '--input-type=module', '--eval', code];
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    cwd: fileURLToPath(new URL('.', import.meta.url)),
  });
  return stdout;
}
