import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import NodePop3 from 'node-pop3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TlsMaterial } from '../../server/net/tls.ts';
import { needs } from '../needs.ts';
import { aCertificate, aPop3, mailOf, type TestPop3 } from './a-pop3.ts';

/** Mails as apps send them, and worse. */
const mails = {
  plain: 'From: app@example.test\r\nSubject: plain\r\n\r\nHello\r\n',
  dots: 'Subject: dots\r\n\r\n.\r\n..\r\n.a\r\n\r\n.\r\nend\r\n',
  dotFirst: '.Subject: a dot first\r\n\r\nx\r\n',
  eightBit: 'Subject: grüße\r\nContent-Transfer-Encoding: 8bit\r\n\r\nzażółć gęślą jaźń\r\n',
  blankEnd: 'Subject: blank lines at the end\r\n\r\nx\r\n\r\n\r\n',
  headerOnly: 'Subject: no body\r\n',
  long: `Subject: long line\r\n\r\n${'x'.repeat(2000)}\r\n.${'y'.repeat(2000)}\r\n`,
  noEnd: 'Subject: no line end\r\n\r\nlast line',
  bareLf: 'Subject: bare LF\n\n.dot\nline\n.\n',
  large: mailOf(300_000),
};

/** A mail as sent by POP3: with CRLF line ends, and one at the end. */
const onTheWire = (mail: string | Buffer) =>
  mail
    .toString()
    .replace(/(?<!\r)\n/g, '\r\n')
    .replace(/(?<!\n)$/, '\r\n');
const expected = Object.values(mails).map(onTheWire);

const run = promisify(execFile);
let home: string;
let cafile: string;
let tls: TlsMaterial;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'mailstop-pop3-'));
  cafile = join(home, 'ca.pem');
  tls = await aCertificate();
  await writeFile(cafile, tls.cert);
});
afterAll(() => rm(home, { recursive: true }));

async function filled(options: Parameters<typeof aPop3>[0] = {}, to = 'ada@example.test'): Promise<TestPop3> {
  const pop3 = await aPop3({ tls, ...options });
  for (const mail of Object.values(mails)) await pop3.deliver(mail, to);
  return pop3;
}

describe('poplib', () => {
  const accounts = new Map([
    ['ada@example.test', 'pass phrase'],
    ['grün@bücher.test', 'geheim: żółć'],
  ]);

  needs('python3')('gets every mail octet for octet, and deletes it', async () => {
    for (const how of ['plain', 'apop', 'stls', 'pop3s', 'utf8']) {
      const user = how === 'utf8' ? 'grün@bücher.test' : 'ada@example.test';
      await using pop3 = await filled({ accounts, implicitTls: how === 'pop3s' }, user);
      const script = join(import.meta.dirname, 'clients', 'fetch.py');
      const args = [script, 'localhost', `${pop3.port}`, how, cafile, user, accounts.get(user) ?? ''];
      const { stdout } = await run('python3', args, { env: { ...process.env, PYTHONUTF8: '1' } });
      const seen = JSON.parse(stdout);
      const got = seen.mails.map((base64: string) => Buffer.from(base64, 'base64').toString());
      expect(got, how).toEqual(expected);
      expect(seen.octets).toBe(Buffer.byteLength(expected.join('')));
      expect(seen.ids).toEqual(expected.map((_, index) => `mail-${String(index + 1).padStart(4, '0')}`));
      expect(seen.capabilities.includes('STLS')).toBe(how !== 'pop3s');
      expect(seen.tops).toEqual([3, 2, 2, 3, 2, 1, 2, 2, 2, 2]);
      expect(await pop3.left()).toEqual([]);
    }
  });
});

needs('python3')('poplib empties the mailbox of one recipient; the other still has everything', async () => {
  await using pop3 = await aPop3({ tls });
  for (const mail of Object.values(mails)) await pop3.deliver(mail, ['ada@example.test', 'bob@example.test']);
  const fetch = async (user: string) => {
    const args = [
      join(import.meta.dirname, 'clients', 'fetch.py'),
      'localhost',
      `${pop3.port}`,
      'plain',
      cafile,
      user,
      'x',
    ];
    return JSON.parse((await run('python3', args, { env: { ...process.env, PYTHONUTF8: '1' } })).stdout);
  };
  const ada = await fetch('ada@example.test');
  expect(ada.mails).toHaveLength(expected.length);
  expect((await fetch('ada@example.test')).mails).toEqual([]);
  expect(await pop3.left()).toHaveLength(expected.length);
  const bob = await fetch('bob@example.test');
  expect(bob).toEqual(ada);
  expect(await pop3.left()).toEqual([]);
});

describe('curl', () => {
  const curl = async (url: string, ...more: string[]) => {
    const args = ['-sS', '--max-time', '10', '--cacert', cafile, '-u', 'ada@example.test:secret', ...more, url];
    return (await run('curl', args, { maxBuffer: 1_000_000 })).stdout;
  };

  needs('curl')('gets every mail octet for octet', async () => {
    const accounts = new Map([['ada@example.test', 'secret']]);
    await using pop3 = await filled({ accounts });
    await using pop3s = await filled({ accounts, implicitTls: true });
    for (const [how, at, ...more] of [
      ['plain', `pop3://localhost:${pop3.port}`],
      ['STLS', `pop3://localhost:${pop3.port}`, '--ssl-reqd'],
      ['initial response', `pop3://localhost:${pop3.port}`, '--sasl-ir'],
      ['APOP', `pop3://localhost:${pop3.port}`, '--login-options', 'AUTH=+APOP'],
      ['POP3S', `pop3s://localhost:${pop3s.port}`],
    ] as const) {
      const list = await curl(`${at}/`, ...more);
      expect(list, how).toBe(expected.map((mail, index) => `${index + 1} ${Buffer.byteLength(mail)}\r\n`).join(''));
      for (const [index, mail] of expected.entries()) expect(await curl(`${at}/${index + 1}`, ...more), how).toBe(mail);
    }
  });

  needs('curl')('deletes a mail', async () => {
    await using pop3 = await filled();
    await curl(`pop3://localhost:${pop3.port}/1`, '--request', 'DELE', '--head');
    expect((await pop3.left()).map(({ subject }) => subject)).toEqual(
      expect.not.arrayContaining([expect.stringContaining('plain')]),
    );
    expect((await pop3.left()).length).toBe(expected.length - 1);
  });

  needs('curl')('reports a wrong password', async () => {
    await using pop3 = await filled({ accounts: new Map([['ada@example.test', 'other']]) });
    await expect(curl(`pop3://localhost:${pop3.port}/`)).rejects.toMatchObject({ code: 67 }); // CURLE_LOGIN_DENIED
  });
});

describe('node-pop3', () => {
  test.each([false, true])('gets every mail, and deletes it (TLS: %s)', async (implicitTls) => {
    await using pop3 = await filled({ implicitTls });
    const at = { host: 'localhost', port: pop3.port, tls: implicitTls, tlsOptions: { ca: tls.cert }, timeout: 10_000 };
    const client = new NodePop3({ user: 'ada@example.test', password: 'x', ...at });
    expect(await client.STAT()).toBe(`${expected.length} ${Buffer.byteLength(expected.join(''))}`);
    expect((await client.UIDL()).length).toBe(expected.length);
    expect((await client.LIST()).length).toBe(expected.length);
    for (const [index, mail] of expected.entries()) {
      // node-pop3 counts the last line end as part of the terminator, and does not unstuff dots.
      const got = (await client.RETR(index + 1)).replace(/^\.\./gm, '.');
      expect(`${got}\r\n`).toBe(mail);
      expect(await client.TOP(index + 1, 0)).toContain(mail.slice(1, 9));
      await client.DELE(index + 1);
    }
    await client.QUIT();
    expect(await pop3.left()).toEqual([]);
  });

  test('reports a wrong password', async () => {
    await using pop3 = await filled({ accounts: new Map() });
    const client = new NodePop3({ user: 'ada', password: 'x', host: '127.0.0.1', port: pop3.port });
    await expect(client.STAT()).rejects.toThrow('[AUTH] wrong name or password');
  });
});

describe('fetchmail', () => {
  needs('fetchmail')('fetches all mail, through STLS and APOP too', async () => {
    for (const [how, options] of [
      ['password', "sslproto ''"],
      ['APOP', "sslproto ''"],
      ['STLS', `sslproto 'TLS1.2+' sslcertck sslcertfile '${cafile}'`],
    ] as const) {
      await using pop3 = await filled({ accounts: new Map([['ada', 'secret']]) }, 'ada@example.test');
      const [rc, inbox] = [join(home, 'fetchmailrc'), join(home, `fetchmail-${how}`)];
      const protocol = how === 'APOP' ? 'apop' : 'pop3';
      const server = `poll localhost protocol ${protocol} port ${pop3.port} auth password`;
      const user = `username ada password secret ${options} fetchall no rewrite mda 'cat >> ${inbox}'`;
      await writeFile(rc, `set invisible\n${server}\n${user}\n`, { mode: 0o600 });
      const args = ['-f', rc, '--nodetach', '--nosyslog', '--pidfile', join(home, 'fetchmail.pid')];
      await run('fetchmail', args, { env: { ...process.env, HOME: home, LC_ALL: 'C' }, timeout: 10_000 });
      const got = (await readFile(inbox, 'utf8')).replaceAll('\r\n', '\n');
      expect(got, how).toContain('Subject: dots\n\n.\n..\n.a\n\n.\nend\n');
      expect(got.match(/^\.?Subject: /gm)?.length).toBe(expected.length);
      expect(await pop3.left()).toEqual([]);
    }
  });
});

describe('mpop', () => {
  needs('mpop')('fetches all mail, pipelined', async () => {
    for (const [how, ...options] of [
      ['user', '--tls=off'],
      ['apop', '--tls=off'],
      ['plain', '--tls=on', '--tls-starttls=on', `--tls-trust-file=${cafile}`],
    ] as const) {
      await using pop3 = await filled({ accounts: new Map([['ada', 'secret']]) });
      const inbox = join(home, `mpop-${how}`);
      const at = [
        '--host=localhost',
        `--port=${pop3.port}`,
        '--user=ada',
        '--passwordeval=echo secret',
        `--auth=${how}`,
      ];
      const to = [`--delivery=mbox,${inbox}`, `--uidls-file=${join(home, `uidls-${how}`)}`, '--received-header=off'];
      const args = [...at, ...to, ...options, '--pipelining=on', '--keep=off', '--timeout=10'];
      await run('mpop', args, { env: { ...process.env, HOME: home }, timeout: 10_000 });
      const got = await readFile(inbox, 'utf8');
      expect(got, how).toContain('Subject: dots\n\n.\n..\n.a\n\n.\nend\n');
      expect(got.match(/^\.?Subject: /gm)?.length).toBe(expected.length);
      expect(await pop3.left()).toEqual([]);
    }
  });
});
