import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createTransport } from 'nodemailer';
import { afterAll, describe, expect, test } from 'vitest';
import type { Incoming } from '../../server/message/message.ts';
import { loadTls } from '../../server/net/tls.ts';
import { needs } from '../needs.ts';
import { samples } from './samples.ts';
import { catchMail } from './sandbox.ts';

const run = promisify(execFile);
const tls = await loadTls({ mode: 'auto' });
const folder = await mkdtemp(join(tmpdir(), 'mailstop-clients-'));
const cafile = join(folder, 'cert.pem');
await writeFile(cafile, tls?.cert ?? '');
afterAll(() => rm(folder, { recursive: true }));

/** How to send a mail. */
interface Way {
  readonly security: 'plain' | 'starttls' | 'tls';
  readonly user: string | null;
}
const ways: readonly Way[] = [
  { security: 'plain', user: null },
  { security: 'plain', user: 'shop' },
  { security: 'starttls', user: 'shop' },
  { security: 'tls', user: null },
];

interface Client {
  readonly name: string;
  readonly program: string | null;
  send(mail: Buffer, way: Way, port: number, recipients: readonly string[]): Promise<void>;
}
const clients: readonly Client[] = [
  {
    name: 'Nodemailer',
    program: null,
    async send(raw, { security, user }, port, to) {
      const transport = createTransport({
        host: 'localhost',
        port,
        secure: security === 'tls',
        requireTLS: security === 'starttls',
        tls: { rejectUnauthorized: false },
        ...(user === null ? {} : { auth: { user, pass: 'any password' } }),
      });
      await transport.sendMail({ envelope: { from: 'ada@app.test', to: [...to] }, raw });
      transport.close();
    },
  },
  {
    name: "Python's smtplib",
    program: 'python3',
    async send(mail, { security, user }, port, to) {
      const script = join(import.meta.dirname, '../clients/smtplib_send.py');
      await run('python3', [script, security, `${port}`, cafile, user ?? '-', await fileOf(mail), ...to]);
    },
  },
  {
    name: 'curl',
    program: 'curl',
    async send(mail, { security, user }, port, to) {
      await run('curl', [
        '--silent',
        '--show-error',
        `${security === 'tls' ? 'smtps' : 'smtp'}://localhost:${port}/app.test`,
        ...(security === 'starttls' ? ['--ssl-reqd'] : []),
        ...['--cacert', cafile, '--mail-from', 'ada@app.test', '--upload-file', await fileOf(mail)],
        ...to.flatMap((address) => ['--mail-rcpt', address]),
        ...(user === null ? [] : ['--user', `${user}:any password`]),
      ]);
    },
  },
];

for (const { name, program, send } of clients)
  describe(name, () => {
    const client = program === null ? test : needs(program);

    client('sends mails of all sorts, which arrive octet for octet', async () => {
      await using smtp = await catchMail();
      for (const mail of Object.values(samples))
        await send(mail, { security: 'plain', user: null }, smtp.port, ['b@x.test']);
      const sent = Object.entries(samples);
      expect(smtp.mails).toHaveLength(sent.length);
      for (const [index, [what, mail]] of sent.entries()) expect(smtp.mails[index]?.raw.equals(mail), what).toBe(true);
    });

    for (const { security, user } of ways)
      client(
        `sends ${security === 'plain' ? 'without TLS' : `with ${security}`}, ${user ? 'with' : 'without'} AUTH`,
        async () => {
          await using smtp = await catchMail({
            tls: security === 'plain' ? null : tls,
            implicitTls: security === 'tls',
          });
          const to = ['bob@x.test', 'zoe@x.test'];
          await send(Buffer.from('Subject: hello\r\n\r\n.\r\n'), { security, user }, smtp.port, to);
          const mail: Incoming = smtp.mail();
          expect(mail.raw.toString()).toBe('Subject: hello\r\n\r\n.\r\n');
          expect(mail.envelope.from.address).toBe('ada@app.test');
          expect(mail.envelope.to.map(({ address }) => address)).toEqual(to);
          expect(mail.peer.username).toBe(user);
          expect(mail.peer.protocol).toBe(`ESMTP${security === 'plain' ? '' : 'S'}${user ? 'A' : ''}`);
          expect(mail.peer.tls?.protocol).toBe(security === 'plain' ? undefined : 'TLSv1.3');
          expect(mail.warnings).toEqual([]);
        },
      );
  });

needs('swaks')('swaks pipelines, and logs in with CRAM-MD5', async () => {
  await using smtp = await catchMail();
  const auth = ['--auth', 'CRAM-MD5', '--auth-user', 'shop', '--auth-password', 'any'];
  await run('swaks', [
    ...['--server', '127.0.0.1', '--port', `${smtp.port}`, '--pipeline', ...auth, '--helo', 'app.test'],
    ...['--from', 'ada@app.test', '--to', 'bob@x.test,zoe@x.test', '--data', 'Subject: hi\\n\\n.hello\\n'],
  ]);
  const { raw, envelope, peer } = smtp.mail();
  expect(raw.toString()).toMatch(/^Subject: hi\r\n\r\n\.hello\r\n/);
  expect(envelope.to).toHaveLength(2);
  expect(peer).toMatchObject({ username: 'shop', protocol: 'ESMTPA', helo: 'app.test' });
});

async function fileOf(mail: Buffer): Promise<string> {
  const file = join(folder, 'mail.eml');
  await writeFile(file, mail);
  return file;
}
