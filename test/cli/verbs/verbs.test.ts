import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { aMailstop, CLI, reset, start } from '../a-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'mailstop-verbs-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const welcome = 'From: shop@x.test\nTo: bob@x.test\nSubject: Welcome\n\nHello.\n';
const silent = { err: '', code: 0 };

describe('list', () => {
  test('in a pipe: one line per mail, newest first, with tabs; mail content cannot add lines or columns', async () => {
    await using mailstop = await aMailstop();
    expect(await mailstop.run(['list'])).toMatchObject({ ...silent, out: '' });
    const first = await mailstop.put(
      'From: a@x.test\nTo: b@x.test, c@x.test, d@x.test\nSubject: =?utf-8?q?a=09b=0Ac=1B[31md?=\n\n',
    );
    const second = await mailstop.put(reset);
    const { out, ...rest } = await mailstop.run(['list']);
    expect(rest).toMatchObject(silent);
    expect(out.split('\n').map((line) => line.split('\t'))).toEqual([
      [second, expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/), 'shop@x.test', 'ada@x.test', 'Reset your password'],
      [first, expect.any(String), 'a@x.test', 'b@x.test and 2 more', expect.stringMatching(/^a.*b.*c.*d$/)],
      [''],
    ]);
    expect(out).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f]/);
  });

  test('a query in one argument or several, ids only, JSON, and more than one page', async () => {
    await using mailstop = await aMailstop();
    const ids: string[] = [];
    for (let i = 0; i < 510; i++) ids.unshift(await mailstop.put(`To: ada@x.test\nSubject: mail ${i}\n\n`));
    const one = await mailstop.put(reset);
    expect((await mailstop.run(['list', '--ids', 'subject:reset', 'has:link'])).out).toBe(`${one}\n`);
    expect((await mailstop.run(['list', '--ids', 'subject:reset has:link'])).out).toBe(`${one}\n`);
    expect((await mailstop.run(['list', '--ids', '--', '-subject:mail'])).out).toBe(`${one}\n`);
    expect((await mailstop.run(['list', '--ids', '-n', '505', 'subject:mail'])).out.trim().split('\n')).toEqual(
      ids.slice(0, 505),
    );
    const listed = JSON.parse((await mailstop.run(['list', '--json', '--limit', '1000'])).out);
    expect(listed.map(({ id }: { id: string }) => id)).toEqual([one, ...ids]);
    expect(JSON.parse((await mailstop.run(['list', '--json', 'subject:nothing'])).out)).toEqual([]);
  });
});

describe('show', () => {
  test('shows the newest, the newest that matches, or the one with the id, in a readable form', async () => {
    await using mailstop = await aMailstop();
    const id = await mailstop.put(reset, '?to=ada@x.test&to=secret@x.test');
    await mailstop.put(welcome);
    expect((await mailstop.run(['show'])).out).toMatch(/Subject: +Welcome\n[\s\S]*\nHello\.\n$/);
    const { out } = await mailstop.run(['show', 'subject:reset']);
    expect(out).toBe((await mailstop.run(['show', id])).out);
    expect((await mailstop.run(['show', 'latest'])).out).toBe((await mailstop.run(['show'])).out);
    expect((await mailstop.run(['show', 'latest', 'subject:reset'])).out).toBe(out);
    expect(out).toMatch(
      /^From: +Shop <shop@x\.test>\nTo: +Ada <ada@x\.test>\nBcc: +secret@x\.test\nSubject: +Reset your password\n/,
    );
    expect(out).toMatch(
      /Code: +493817\nWarnings: There is no Date field .+\n {10}There is no Message-ID field .+\n\nYour code is 493817\. Or follow https:\/\/shop\.test\/reset\?token=4f9a2c\n$/,
    );
  });

  test('prints the one matching link: that of the HTML if there is HTML', async () => {
    await using mailstop = await aMailstop();
    const id = await mailstop.put(
      'Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n\r\nhttps://shop.test/reset\r\n--b\r\nContent-Type: text/html\r\n\r\n' +
        '<a href="#">Reset</a> <a href="https://shop.test/help">Help</a>\r\n--b--\r\n',
    );
    const show = async (...args: string[]) => {
      const { code, out, err } = await mailstop.run(['show', ...args]);
      return [code, out || err];
    };
    expect(await show('--link', 'help')).toEqual([0, 'https://shop.test/help\n']);
    expect(await show('--link', 'reset', '--source', 'text')).toEqual([0, 'https://shop.test/reset\n']);
    expect(await show('--links')).toEqual([0, 'https://shop.test/help\n']);
    expect(await show('--link', 'reset')).toEqual([
      1,
      [
        `mailstop: the mail "${id}" has no link with "reset" in its html`,
        'only in the text, see --source text: https://shop.test/reset',
        'https://shop.test/help  "Help"',
        '"Reset" leads nowhere: it has href="#"\n',
      ].join('\n  '),
    ]);
    expect(await show('--link', 'x', '--source', 'pdf')).toEqual([
      2,
      expect.stringMatching(/--source must be html or text/),
    ]);
    expect(await show('--source', 'text')).toEqual([2, expect.stringMatching(/--source goes with --link or --links/)]);
    expect((await mailstop.run(['wait', ''])).err).toContain('the query is empty: leave it out if any mail will do');
  });

  test('prints its parts: text, HTML, headers, links, code, and the raw octets', async () => {
    await using mailstop = await aMailstop();
    const raw = Buffer.concat([
      Buffer.from(
        'From: a@x.test\r\nX-Twice: 1\r\nX-Twice: =?utf-8?q?=C3=BC?=\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n',
      ),
      Buffer.from('--b\r\n\r\nYour code is 493817 \xfc\r\n--b\r\nContent-Type: text/html\r\n\r\n', 'latin1'),
      Buffer.from('<p>Hi <a href="https://shop.test/?a=1&amp;b=2">there</a>\x1b[31m\r\n--b--\r\n'),
    ]);
    await mailstop.put(raw);
    const show = async (part: string) => (await mailstop.run(['show', part])).out;
    expect((await mailstop.run(['show', '--raw'])).bytes).toEqual(raw);
    expect(await show('--text')).toMatch(/^Your code is 493817 ü\n/);
    expect(await show('--html')).toContain('<a href="https://shop.test/?a=1&amp;b=2">there</a>\x1b[31m');
    expect(await show('--headers')).toMatch(/^From: a@x\.test\nX-Twice: 1\nX-Twice: ü\nContent-Type: multipart/);
    expect(await show('--links')).toBe('https://shop.test/?a=1&b=2\n');
    expect(await show('--code')).toBe('493817\n');
    expect(JSON.parse((await mailstop.run(['show', '--code', '--json'])).out)).toMatchObject({ code: '493817' });
    expect(JSON.parse((await mailstop.run(['show', '--links', '--json'])).out)).toMatchObject([
      { url: 'https://shop.test/?a=1&b=2', text: 'there' },
    ]);
    expect(JSON.parse((await mailstop.run(['show', '--json'])).out)).toMatchObject({
      code: '493817',
      envelope: { from: 'a@x.test' },
    });
  });

  test('a mail with only HTML is shown as text', async () => {
    await using mailstop = await aMailstop();
    await mailstop.put(
      'Subject: x\nContent-Type: text/html\n\n<style>p{}</style><h1>Hello</h1>\n\n\n<p>you &amp; me</p>',
    );
    expect((await mailstop.run(['show'])).out).toMatch(/\n\nHello\n\nyou & me\n$/);
    expect(await mailstop.run(['show', '--text'])).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringMatching(/has no plain text; --html shows/),
    });
  });

  test('attachments are saved under names inside the folder, and nothing is overwritten', async () => {
    await using mailstop = await aMailstop();
    const part = (name: string, text: string) =>
      `--b\nContent-Type: text/plain\nContent-Disposition: attachment; filename="${name}"\n\n${text}\n`;
    const names = ['../../evil.txt', 'a.txt', 'a.txt', '.profile', ''];
    await mailstop.put(
      `Content-Type: multipart/mixed; boundary=b\n\n${names.map((name) => part(name, `in ${name}`)).join('')}--b--\n`,
    );
    const target = join(folder, 'out', 'deep');
    const { out, ...rest } = await mailstop.run(['show', '--attachments', target]);
    expect(rest).toMatchObject(silent);
    const written = readdirSync(target).sort();
    expect(out.trim().split('\n').sort()).toEqual(written.map((name) => join(target, name)));
    expect(written).toHaveLength(5);
    expect(readdirSync(folder)).toEqual(['out']);
    expect(readFileSync(join(target, 'a.txt'), 'utf8').trim()).toBe('in a.txt');
    expect(written).toContain('a-2.txt');
    expect(
      JSON.parse((await mailstop.run(['show', '--attachments', join(folder, 'json'), '--json'])).out)[1],
    ).toMatchObject({ filename: 'a.txt', size: expect.any(Number) });
    await mailstop.put(welcome);
    expect(await mailstop.run(['show', '--attachments', target])).toMatchObject({
      code: 1,
      err: expect.stringMatching(/has no attachments/),
    });
  });

  test.each([
    [['show'], 1, /there is no mail yet/],
    [['show', 'to:nobody'], 1, /there is no mail yet/],
    [['show', '01m804h9bmkgzb24h40s99'], 1, /no mail with the id "01m804h9bmkgzb24h40s99"/],
    [['show', '--text', '--code'], 2, /one thing at a time: got --text and --code/],
    [['show', '--attachments'], 2, /--attachments <folder>.*argument missing/],
    [['show', 'is:red'], 2, /column 4: .*not "red"; did you mean is:read\?\n {2}is:red\n {5}\^\n/],
  ])('%j ends with %i', async (args, code, err) => {
    await using mailstop = await aMailstop();
    expect(await mailstop.run(args)).toMatchObject({ code, out: '', err: expect.stringMatching(err) });
  });
});

describe('wait and expect', () => {
  test('wait prints mail that is there, or that arrives', async () => {
    await using mailstop = await aMailstop();
    const waiting = mailstop.run(['wait', '--ids', '--count', '2', '--timeout', '30s', 'to:ada']);
    const first = await mailstop.put(reset);
    const second = await mailstop.put(reset);
    expect(await waiting).toMatchObject({ ...silent, out: `${second}\n${first}\n` });
    expect((await mailstop.run(['wait', 'to:ada'])).out.split('\t')[0]).toBe(second);
    expect(await mailstop.run(['wait', '--quiet', 'to:ada'])).toMatchObject({ ...silent, out: '' });
    const { messages, cursor } = JSON.parse((await mailstop.run(['wait', '--json', 'to:ada'])).out);
    expect(messages.map(({ id }: { id: string }) => id)).toEqual([second, first]);
    const later = await mailstop.run(['wait', '--after', String(cursor), '--timeout', '10ms', 'to:ada']);
    expect(later.code).toBe(1);
  });

  test('missing mail is reported on stderr, with what arrived instead, and the exit code is 1', async () => {
    await using mailstop = await aMailstop();
    await mailstop.put(welcome);
    const { code, out, err } = await mailstop.run(['wait', '--timeout', '20ms', 'to:ada']);
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(
      /^Expected at least 1 mail matching {2}to:ada\nwithin 20 ms; none came\.\n[\s\S]*Nearest: "Welcome"/,
    );
    const json = await mailstop.run(['wait', '--json', '--timeout', '20', 'to:ada']);
    expect(json).toMatchObject({ code: 1, err: '' });
    expect(JSON.parse(json.out)).toMatchObject({
      pass: false,
      reason: expect.stringMatching(/^Expected/),
      arrived: [{ subject: 'Welcome' }],
    });
  });

  test.each([
    [['to:ada'], 0],
    [['--count', '1', 'to:ada'], 0],
    [['--count', '2', '--within', '10ms', 'to:ada'], 1],
    [['--min', '1', '--max', '2'], 0],
    [['--max', '1', '--within', '10ms'], 1],
    [['--count', '0', '--within', '20ms', 'to:eve'], 0],
    [['--count', '0', '--within', '20ms', 'to:ada'], 1],
    [['--quiet-for', '20ms', 'to:ada'], 0],
    [['--message', '{"subject": "Reset your password", "links": {"url": {"contains": "/reset"}}}', 'to:ada'], 0],
    [['--message', '{"subject": "Reset"}', '--within', '10ms', 'to:ada'], 1],
    [['--message', '@nowhere.json'], 2],
    [['--message', '{"subjec": 1}'], 2],
    [['--message', '[]'], 2],
    [['--count', '1', '--min', '1'], 2],
    [['--min', '3', '--max', '1'], 2],
    [['--within', '5h'], 2],
    [['to:"ada'], 2],
  ])('expect %j ends with %i', async (args, code) => {
    await using mailstop = await aMailstop();
    await mailstop.put(reset);
    await mailstop.put(welcome);
    const ended = await mailstop.run(['expect', ...args]);
    expect([ended.code, ended.err === '']).toEqual([code, code === 0]);
    expect(ended.err).not.toMatch(/\bat .*\.js/);
  });

  test('a --message with a mistake in it is refused by the name of the flag', async () => {
    await using mailstop = await aMailstop();
    const refused = async (message: string) => (await mailstop.run(['expect', '--message', message])).err;
    expect(await refused('{"subjekt": "Welcome"}')).toMatch(
      /^mailstop: --message has an unknown field: "subjekt" \(did you mean "subject"\?\); there are subject, from, to, .*, tags\n$/,
    );
    expect(await refused('{"links": {"url": 1}}')).toMatch(/^mailstop: --message, "links\S*" ?: expected .*, got 1\n$/);
  });

  test('Ctrl-C ends a wait, on the server too', async () => {
    const gone = new Promise<string>((resolve) => {
      const server = createServer((request, response) => {
        child.kill('SIGINT');
        response.on('close', () => {
          server.close();
          resolve(`${request.method} ${request.url}`);
        });
      });
      server.listen(0, '127.0.0.1', () => listening(server.address() as AddressInfo));
    });
    let listening = (_: AddressInfo) => {};
    const { port } = await new Promise<AddressInfo>((resolve) => {
      listening = resolve;
    });
    const args = ['wait', '--timeout', '4m', '--url', `http://127.0.0.1:${port}`, 'to:ada'];
    const { child, ended } = start(process.execPath, [CLI, ...args]);
    expect(await gone).toBe('POST /api/expect');
    expect(await ended).toMatchObject({ code: null, signal: 'SIGINT', out: '', err: '' });
  });
});

describe('clear', () => {
  test('deletes what matches, or everything with --all, and prints how many', async () => {
    await using mailstop = await aMailstop();
    for (let i = 0; i < 3; i++) await mailstop.put(reset);
    await mailstop.put(welcome);
    for (const slip of [[], [''], ['to:ada', '--all']]) {
      expect(await mailstop.run(['clear', ...slip])).toMatchObject({ code: 2, err: expect.stringMatching(/--all/) });
    }
    expect(await mailstop.list()).toHaveLength(4);
    expect((await mailstop.run(['clear', 'to:ada'])).out).toBe('deleted 3 mails\n');
    expect((await mailstop.run(['clear', '--all', '--json'])).out).toBe('{"deleted":1}\n');
    expect(await mailstop.run(['clear', '--all', '--quiet'])).toMatchObject({ ...silent, out: '' });
  });
});

describe('ready', () => {
  test('distinguishes a running Mailstop, none, and another server', async () => {
    await using mailstop = await aMailstop();
    expect(await mailstop.run(['ready'])).toMatchObject({
      ...silent,
      out: `ready  ${mailstop.url}  220 mailstop ESMTP\n`,
    });
    expect(JSON.parse((await mailstop.run(['ready', '--json'])).out)).toMatchObject({ ready: true });
    const other = createServer((_, response) => response.end('<p>It works!')).listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    const foreign = await mailstop.run(['ready', '--timeout', '10ms'], { env: { MAILSTOP_URL: url } });
    expect(foreign).toMatchObject({
      code: 3,
      out: '',
      err: expect.stringMatching(/not ready within 10 ms: what answers there is not Mailstop/),
    });
    const list = await mailstop.run(['list', '--url', url]);
    expect(list).toMatchObject({ code: 3, err: expect.stringMatching(/is not Mailstop/) });
    other.close();
    other.closeAllConnections();
    const gone = await mailstop.run(['ready', '--url', url]);
    expect(gone).toMatchObject({ code: 3, out: '', err: expect.stringMatching(/not ready: .*ECONNREFUSED/) });
  });

  test('every verb recognizes the URL of the SMTP or POP3 port, and https:// instead of http://', async () => {
    await using mailstop = await aMailstop();
    const { port } = mailstop.smtp;
    for (const [url, reason] of [
      [`http://127.0.0.1:${port}`, 'it does not speak HTTP'],
      [`http://127.0.0.1:${mailstop.pop3?.port}`, 'it does not speak HTTP'],
      [mailstop.url.replace('http:', 'https:'), 'it does not speak TLS, so the URL must begin with http://'],
    ] as const) {
      for (const verb of [['list'], ['wait', '--timeout', '10s'], ['send', '--to', 'ada@x.test']]) {
        const { code, out, err } = await mailstop.run([...verb, '--url', url]);
        expect([code, out, err]).toEqual([
          3,
          '',
          `mailstop: what answers at ${url} is not Mailstop's inbox: ${reason}.\n` +
            '--url and MAILSTOP_URL take the URL of the inbox, like http://127.0.0.1:8025.\n',
        ]);
      }
      const ready = await mailstop.run(['ready', '--url', url]);
      expect([ready.code, ready.err]).toEqual([3, expect.stringContaining(`is not Mailstop's inbox: ${reason}`)]);
    }
  });

  test.each([
    [{ ready: false, smtp: 'Error: no greeting' }, 'its SMTP port: Error: no greeting'],
    [
      { ready: false, smtp: 'not open yet', disk: null, loading: { done: 3, total: 9 } },
      'it is still reading its mail, 3 of 9',
    ],
    [{ ready: false, smtp: '220 mailstop', disk: 'The disk is full.', loading: null }, 'The disk is full.'],
    [{ hello: 'world' }, "what answers there is not Mailstop's inbox"],
  ])('%j is not ready, and it says why', async (answer, reason) => {
    const server = createServer((_, response) => response.writeHead(503).end(JSON.stringify(answer))).listen(
      0,
      '127.0.0.1',
    );
    await new Promise((resolve) => server.once('listening', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const ended = await start(process.execPath, [CLI, 'ready', '--url', url]).ended;
    server.close();
    expect(ended).toMatchObject({ code: 3, out: '', err: `mailstop: Mailstop at ${url} is not ready: ${reason}\n` });
  });

  test('--wait waits until it has started', async () => {
    await using port = await aMailstop();
    const { port: free } = port.http;
    await port[Symbol.asyncDispose]();
    const waiting = start(process.execPath, [CLI, 'ready', '--wait'], {
      env: { MAILSTOP_URL: `http://127.0.0.1:${free}` },
    });
    await using late = await aMailstop({ httpPort: free });
    expect(await waiting.ended).toMatchObject({ code: 0, err: '', out: expect.stringContaining(late.url) });
  });
});

describe('every verb', () => {
  const names = ['wait', 'expect', 'ready', 'list', 'show', 'clear', 'import', 'export', 'send', 'sendmail'];

  test.each(names)('%s has help in two ways, with an example', async (name) => {
    const help = await start(process.execPath, [CLI, 'help', name]).ended;
    const asked = await start(process.execPath, [CLI, name, '--help']).ended;
    expect(help).toMatchObject(silent);
    expect(help.out).toBe(asked.out);
    expect(help.out).toMatch(new RegExp(`^Usage: mailstop ${name} `));
    expect(help.out).toMatch(/--url <url>/);
    expect(help.out.slice(help.out.indexOf('Examples:'))).toContain(name);
    expect(help.out.split('\n').filter((line) => line.length > 120)).toEqual([]);
  });

  test('is in the help of the program', async () => {
    const { out } = await start(process.execPath, [CLI, '--help']).ended;
    for (const name of names) expect(out).toMatch(new RegExp(`^ {2}${name} {2,}\\w`, 'm'));
    expect(out).toMatch(/Exit codes: 0 success, 1 expectation not met, 2 wrong usage, 3 /);
  });

  test.each(names.filter((name) => name !== 'sendmail'))(
    '%s: an unknown flag is named, and the exit code is 2',
    async (name) => {
      const { code, out, err } = await start(process.execPath, [CLI, name, '--jsno']).ended;
      expect([code, out]).toEqual([2, '']);
      expect(err).toMatch(/unknown option '--jsno'/);
    },
  );

  test.each(['list', 'wait', 'expect', 'show', 'clear'])(
    '%s: the exit code is 2 for an invalid URL, and 3 if nothing answers',
    async (name) => {
      const args = name === 'clear' ? [name, '--all'] : [name];
      const bad = await start(process.execPath, [CLI, ...args, '--url', 'localhost:8025']).ended;
      expect(bad).toMatchObject({
        code: 2,
        err: 'mailstop: --url must be a URL like http://127.0.0.1:8025, got "localhost:8025"\n',
      });
      const variable = await start(process.execPath, [CLI, ...args], { env: { MAILSTOP_URL: 'ftp://x' } }).ended;
      expect(variable).toMatchObject({
        code: 2,
        err: expect.stringMatching(/^mailstop: MAILSTOP_URL must be .* got "ftp:\/\/x"/),
      });
      const gone = await start(process.execPath, [CLI, ...args, '--url', 'http://127.0.0.1:9']).ended;
      expect(gone).toMatchObject({
        code: 3,
        out: '',
        err: expect.stringMatching(/^mailstop: no answer from http:\/\/127\.0\.0\.1:9: is Mailstop running/),
      });
    },
  );

  test('a password in a URL is rejected, and not printed', async () => {
    const ended = await start(process.execPath, [CLI, 'list', '--url', 'http://ada:secret@127.0.0.1:8025']).ended;
    expect(ended).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringMatching(/--url must be a URL without username/),
    });
    expect(ended.err).not.toContain('secret');
  });

  test('it ends quietly when the reader closes the pipe', async () => {
    await using mailstop = await aMailstop();
    for (let i = 0; i < 3000; i++) await mailstop.put(`To: ada@x.test\nSubject: ${'a long subject '.repeat(20)}\n\n`);
    const script = '"$0" "$1" list -n 3000 | head -n 1; echo "$PIPESTATUS"';
    const { out, err, code } = await start('bash', ['-c', script, process.execPath, CLI], { env: mailstop.env }).ended;
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^\w{22}\t.*\n0\n$/);
  });
});
