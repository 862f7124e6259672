import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import { createApi } from '../../client/index.ts';
import { snippetsFor } from '../../ui/src/connect/snippets.ts';
import { needs } from '../needs.ts';
import { bePatient } from './patience.ts';
import { startMailstop } from './stage.ts';

bePatient();

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');

/** Runs the snippet of the empty inbox. @returns the subject of the received mail */
async function subjectAfter(
  name: string,
  follow: (code: string, folder: string) => Promise<unknown>,
): Promise<unknown> {
  await using mailstop = await startMailstop();
  const { smtp, http } = mailstop.about;
  const snippet = snippetsFor(smtp).find((one) => one.name === name);
  const folder = await mkdtemp(join(tmpdir(), 'mailstop-snippet-'));
  try {
    await follow(snippet?.code ?? '', folder);
  } finally {
    await rm(folder, { recursive: true });
  }
  const { messages } = await createApi(`http://${http.host}:${http.port}`).list('');
  return messages.map(({ subject, from, to }) => `${subject}: ${from?.address} to ${to[0]?.address}`);
}

const fromApp = (subject: string) => [`${subject}: app@example.test to ada@example.test`];

needs('node')('the snippet for Nodemailer sends a mail', async () => {
  const follow = (code: string) => run(process.execPath, ['--input-type=module', '--eval', code], { cwd: root });
  expect(await subjectAfter('Nodemailer', follow)).toEqual(fromApp('Hello from Nodemailer'));
});

needs('curl')('the snippet for curl sends a mail', async () => {
  expect(await subjectAfter('curl', (code) => run('sh', ['-c', code]))).toEqual(fromApp('Hello from curl'));
});

needs('go')('the snippet for Go sends a mail', async () => {
  const follow = async (code: string, folder: string) => {
    await writeFile(join(folder, 'main.go'), code);
    await run('go', ['run', 'main.go'], { cwd: folder });
  };
  expect(await subjectAfter('Go', follow)).toEqual(fromApp('Hello from Go'));
});
