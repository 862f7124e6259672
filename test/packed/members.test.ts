import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { reliedOn } from '../../server/smtp/members.ts';

/** What Mailstop relies on in smtp-server without it being documented, missed in a copy of what is published. */

const built = join(import.meta.dirname, '../../dist');
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mailstop-members-'));
  cpSync(built, folder, { recursive: true });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each(reliedOn)('without %s it does not start, and says so', async (member) => {
  const [library = '', name = ''] = member.split('.');
  const [path, source] = chunk();
  writeFileSync(path, renamed(source, library, name));
  try {
    const args = ['cli.js', '--smtp-port', '0', '--http-port', '0', '--pop3-port', 'off'];
    const server = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
    const [said, [code]] = await Promise.all([text(server.stderr), once(server, 'exit')]);
    expect([code, said]).toEqual([3, expect.stringContaining(`smtp-server has no ${member},`)]);
  } finally {
    writeFileSync(path, source);
  }
});

const classOf = (library: string) => new RegExp(`^var ${library}(?:\\$\\d+)? = class extends`, 'm');

/** The file that has smtp-server, and its text. */
function chunk(): readonly [path: string, source: string] {
  for (const name of readdirSync(join(folder, 'chunks'))) {
    const path = join(folder, 'chunks', name);
    const source = name.endsWith('.js') ? readFileSync(path, 'utf8') : '';
    if (classOf('SMTPServer').test(source)) return [path, source];
  }
  throw new Error('no file has smtp-server');
}

/** The source with another name for the member, everywhere in the class of the library and nowhere else. */
function renamed(source: string, library: string, name: string): string {
  const start = source.search(classOf(library));
  // A class stands at the top of the file.
  const end = source.indexOf('\n};', start);
  const body = source.slice(start, end);
  const other = body.replaceAll(new RegExp(`(?<![\\w$])${name}(?![\\w$])`, 'g'), `${name}Renamed`);
  expect(other).not.toBe(body);
  return source.slice(0, start) + other + source.slice(end);
}
