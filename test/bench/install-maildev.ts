import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const PEERS = join(import.meta.dirname, '..', '..', '.peers');

/** Pinned, so that the same comparison is made everywhere; the overrides are versions known to install. */
const MAILDEV = {
  private: true,
  dependencies: { maildev: '3.0.0' },
  overrides: { mailparser: '3.9.31', 'encoding-japanese': '2.2.0' },
};

/**
 * Installs MailDev into a folder that git ignores, unless it is there already.
 * @returns the path of its command
 */
export function installMailDev(): string {
  const folder = join(PEERS, 'maildev');
  const command = join(folder, 'node_modules', 'maildev', 'dist', 'bin', 'maildev.js');
  const manifest = `${JSON.stringify(MAILDEV, null, 2)}\n`;
  const manifestPath = join(folder, 'package.json');
  if (existsSync(command) && readFileSync(manifestPath, 'utf8') === manifest) return command;
  console.error('installing MailDev 3.0.0 into .peers/');
  mkdirSync(folder, { recursive: true });
  writeFileSync(manifestPath, manifest);
  const args = ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel', 'error'];
  execFileSync('npm', args, { cwd: folder, stdio: 'inherit', timeout: 300_000, shell: process.platform === 'win32' });
  return command;
}
