import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  createReadStream,
  createWriteStream,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { createApi } from '../../../client/api/api.ts';
import { MboxReader, toMbox } from '../../../server/cli/archive/mbox.ts';
import { needs } from '../../needs.ts';
import { aMailstop, reset, start } from '../a-command.ts';

const made: string[] = [];
const aFolder = () => {
  const path = mkdtempSync(join(tmpdir(), 'mailstop-archive-'));
  made.push(path);
  return path;
};
afterEach(() => {
  for (const path of made.splice(0)) rmSync(path, { recursive: true, force: true });
}, 120_000);

type Mailstop = Awaited<ReturnType<typeof aMailstop>>;

/** The octets of all mails, oldest first. */
async function octets({ list, raw }: Mailstop): Promise<string[]> {
  const ids = (await list()).map(({ id }) => id).reverse();
  return Promise.all(ids.map(async (id) => (await raw(id)).toString('latin1')));
}

/** Difficult mails. Each has a final line end, so that an mbox can keep it, too. */
const hard = [
  reset,
  'Subject: bare LF\n\nFrom the start\n>From\n\nFrom x@y.test Fri Jan  2 03:04:05 2026\nin the middle\n',
  'Subject: CRLF\r\n\r\nFrom here\r\n>>From there\r\n\r\n\r\n',
  'Subject: 8-bit \xfc\0\r\n\r\n\xff\xfe\r\n.\r\n',
  '\r\n',
  'From in@first.line Fri Jan  2 03:04:05 2026\nSubject: cut out of an mbox\n\n\n',
  'no header at all\n',
];

describe('export and import keep every octet and the order', () => {
  test.each(['eml', 'mbox', 'maildir'])('%s', async (format) => {
    await using mailstop = await aMailstop();
    for (const raw of hard) await mailstop.put(Buffer.from(raw, 'latin1'));
    const target = join(aFolder(), 'out');
    const exported = await mailstop.run(['export', '--format', format, target]);
    expect(exported).toMatchObject({ code: 0, err: '', out: `exported ${hard.length} mails to ${target}\n` });
    await mailstop.run(['clear', '--all']);
    const imported = await mailstop.run(['import', target]);
    expect(imported).toMatchObject({ code: 0, err: '', out: `imported ${hard.length} mails\n` });
    expect(await octets(mailstop)).toEqual(hard);
  });

  test('a folder keeps an envelope of 10,000 recipients', async () => {
    await using mailstop = await aMailstop();
    const envelope = {
      from: 'list@x.test',
      to: Array.from({ length: 10_000 }, (_, i) => `${'ü'.repeat(50)}${i}@example.test`),
    };
    await createApi(mailstop.url).deliver(reset, envelope);
    const target = join(aFolder(), 'out');
    await mailstop.run(['export', target]);
    await mailstop.run(['clear', '--all']);
    expect(await mailstop.run(['import', target])).toMatchObject({ code: 0, err: '', out: 'imported 1 mail\n' });
    const [mail] = await mailstop.list();
    expect((await mailstop.message(mail?.id ?? '')).envelope).toEqual(envelope);
  });

  test('eml and Maildir keep what an mbox cannot: a mail without a final line end, and an empty mail', async () => {
    await using mailstop = await aMailstop();
    const open = ['Subject: x\r\n\r\nno end', ''];
    for (const format of ['eml', 'maildir']) {
      await mailstop.run(['clear', '--all']);
      for (const raw of open) await mailstop.put(raw);
      const target = join(aFolder(), 'out');
      await mailstop.run(['export', '--format', format, target]);
      await mailstop.run(['clear', '--all']);
      await mailstop.run(['import', target]);
      expect([format, await octets(mailstop)]).toEqual([format, open]);
    }
  });

  test('a folder keeps envelope, flags and tags; a Maildir keeps read and flagged; an mbox keeps the sender', async () => {
    await using mailstop = await aMailstop();
    const id = await mailstop.put(reset, '?from=bounces@x.test&to=eve@x.test&to=ada@x.test');
    const patch = {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: '{"read": true, "pinned": true, "flagged": true, "tags": ["a b"]}',
    };
    await fetch(`${mailstop.url}/api/messages/${id}`, patch);
    const folder = aFolder();
    const kept = async (...args: string[]) => {
      await mailstop.run(['export', ...args]);
      await mailstop.run(['clear', '--all']);
      await mailstop.run(['import', args.at(-1) ?? '']);
      const [mail] = await mailstop.list();
      return mail;
    };
    const envelope = { from: 'bounces@x.test', to: ['eve@x.test', 'ada@x.test'] };
    expect(await kept(join(folder, 'eml'))).toMatchObject({
      envelope,
      read: true,
      pinned: true,
      flagged: true,
      tags: ['a b'],
    });
    expect(await kept(join(folder, 'x.mbox'))).toMatchObject({
      envelope: { from: envelope.from, to: ['ada@x.test'] },
      read: false,
    });
    await mailstop.run(['clear', '--all']);
    await mailstop.run(['import', join(folder, 'eml')]);
    expect(await kept('--format', 'maildir', join(folder, 'maildir'))).toMatchObject({
      read: true,
      flagged: true,
      tags: [],
    });
  });
});

describe('import', () => {
  test('accepts files, folders and stdin, in the given order', async () => {
    await using mailstop = await aMailstop();
    const folder = aFolder();
    const put = (name: string, text: string) => {
      mkdirSync(join(folder, name, '..'), { recursive: true });
      writeFileSync(join(folder, name), text);
    };
    const mail = (subject: string) => `Subject: ${subject}\n\ntext\n`;
    put('files/2.eml', mail('2'));
    put('files/10.EML', mail('10'));
    put('files/notes.txt', 'not a mail');
    put('files/deeper/1.eml', mail('deeper'));
    put('files/old.mbox', `From a@x.test Fri Jan  2 03:04:05 2026\n${mail('in mbox')}\n`);
    put('maildir/cur/1700000002.b.host:2,S', mail('cur 2'));
    put('maildir/new/1700000001.a.host', mail('new 1'));
    put('maildir/tmp/1700000003.c.host', mail('half written'));
    put('maildir/.Sent/new/1700000000.d.host', mail('sent'));
    put('maildir/.Sent/cur/.keep', '');
    put('single', mail('no ending'));
    const stdin = mail('from stdin');
    const { code, out } = await mailstop.run(
      ['import', join(folder, 'files'), '-', join(folder, 'maildir'), join(folder, 'single')],
      { stdin },
    );
    expect([code, out]).toEqual([0, 'imported 9 mails\n']);
    const subjects = (await mailstop.list())
      .map(({ subject, read }) => (read ? `${subject}, read` : subject))
      .reverse();
    expect(subjects).toEqual([
      '2',
      '10',
      'deeper',
      'in mbox',
      'from stdin',
      'new 1',
      'cur 2, read',
      'sent',
      'no ending',
    ]);
    const piped = await mailstop.run(['import', '-'], { stdin: readFileSync(join(folder, 'files/old.mbox')) });
    expect(piped.out).toBe('imported 1 mail\n');
    const mbox = await mailstop.run(['import', '--ids', '--format', 'eml', join(folder, 'files/old.mbox')]);
    expect((await mailstop.raw(mbox.out.trim())).toString()).toMatch(/^From a@x/);
  });

  test('the envelope can be given, including a null sender', async () => {
    await using mailstop = await aMailstop();
    const args = ['import', '--from', '', '--to', 'a@x.test', '--to', 'b@x.test', '--json', '-'];
    expect((await mailstop.run(args, { stdin: reset })).out).toBe('{"imported":1,"refused":0,"evicted":0}\n');
    expect((await mailstop.list())[0]?.envelope).toEqual({ from: '', to: ['a@x.test', 'b@x.test'] });
  });

  test('a rejected mail is reported, the others are imported, and the exit code is 1', async () => {
    await using mailstop = await aMailstop({ maxMessageSize: 300 });
    const stdin = Buffer.concat(
      [reset, `Subject: big\n\n${'x'.repeat(500)}\n`, reset].map((raw) =>
        toMbox(Buffer.from(raw), 'a@x.test', new Date()),
      ),
    );
    const { code, out, err } = await mailstop.run(['import', '-'], { stdin });
    expect([code, out]).toEqual([1, 'imported 2 mails\n']);
    expect(err).toMatch(/^mailstop: stdin, mail 2: .*too large/);
  });

  needs('mkfifo')('of an untrusted folder, only regular files inside it are read', async () => {
    await using mailstop = await aMailstop();
    const folder = aFolder();
    for (const sub of ['maildir/cur', 'maildir/new', 'links']) mkdirSync(join(folder, sub), { recursive: true });
    for (const name of ['1.eml', '9.eml', 'maildir/new/8', 'links/target']) writeFileSync(join(folder, name), reset);
    const outside = join(aFolder(), 'secret');
    writeFileSync(outside, reset);
    for (const fifo of ['2.eml', '3.mbox', 'maildir/cur/2:2,S']) {
      await start('mkfifo', [join(folder, fifo)]).ended;
    }
    symlinkSync(outside, join(folder, '4.eml'));
    symlinkSync('/dev/zero', join(folder, '5.mbox'));
    symlinkSync('nowhere', join(folder, '6.eml'));
    symlinkSync(join('links', 'target'), join(folder, '7.eml'));
    mkdirSync(join(folder, 'maildir/cur/3'));
    symlinkSync(outside, join(folder, 'a\nmailstop: imported 99\x1b[31m.eml'));
    const { code, out, err } = await mailstop.run(['import', folder]);
    expect([code, out]).toEqual([1, 'imported 4 mails\n']);
    expect(err.trim().split('\n')).toEqual([
      expect.stringMatching(/2\.eml: it is not a regular file$/),
      expect.stringMatching(/3\.mbox: it is not a regular file$/),
      expect.stringMatching(/4\.eml: it is a link to a file outside of the folder$/),
      expect.stringMatching(/5\.mbox: it is a link to a file outside of the folder$/),
      expect.stringMatching(/6\.eml: no such file or folder/),
      expect.stringMatching(/a\\u000amailstop: imported 99\\u001b\[31m\.eml: it is a link/),
      expect.stringMatching(/cur\/2:2,S: it is not a regular file$/),
      expect.stringMatching(/cur\/3: it is not a regular file$/),
    ]);
    await start('mkfifo', [join(folder, 'mails.jsonl')]).ended;
    expect(await mailstop.run(['import', folder])).toMatchObject({
      code: 2,
      err: expect.stringMatching(/cannot read .*mails\.jsonl: it is not a regular file/),
    });
  });

  needs('mkfifo')('a FIFO given by name is read, as for the <(...) of a shell', async () => {
    await using mailstop = await aMailstop();
    const fifo = join(aFolder(), 'pipe');
    await start('mkfifo', [fifo]).ended;
    const imported = mailstop.run(['import', fifo]);
    await writeFile(fifo, toMbox(Buffer.from(reset), 'a@x.test', new Date()));
    expect(await imported).toMatchObject({ code: 0, out: 'imported 1 mail\n' });
    expect((await mailstop.list())[0]?.envelope.from).toBe('a@x.test');
  });

  test('a wrong entry in an exported folder affects only its mail', async () => {
    await using mailstop = await aMailstop();
    const folder = aFolder();
    const said = [{ to: [`${'a'.repeat(400)}@x.test`] }, { from: 'a\r\nX: y' }, {}].map((one, i) => ({
      file: `${i}.eml`,
      from: '',
      to: [],
      tags: [],
      ...one,
    }));
    for (const { file } of said) writeFileSync(join(folder, file), reset);
    writeFileSync(join(folder, 'mails.jsonl'), said.map((one) => `${JSON.stringify(one)}\n`).join(''));
    const { code, out, err } = await mailstop.run(['import', folder]);
    expect([code, out]).toEqual([1, 'imported 1 mail\n']);
    expect(err).toMatch(/0\.eml: .*320.*\n.*1\.eml: .*from/);
    writeFileSync(join(folder, 'mails.jsonl'), `{"file":"${'x'.repeat(9 * 1024 * 1024)}`);
    expect((await mailstop.run(['import', folder])).err).toMatch(
      /mails\.jsonl: it has a line of more than 8388608 octets/,
    );
  });

  test('it says so if not all mails fit', async () => {
    await using mailstop = await aMailstop({ maxMessages: 2 });
    const stdin = Buffer.concat([1, 2, 3].map(() => toMbox(Buffer.from(reset), 'a@x.test', new Date())));
    const { code, out, err } = await mailstop.run(['import', '-'], { stdin });
    expect([code, out]).toEqual([0, 'imported 3 mails\n']);
    expect(err).toMatch(/the 1 oldest mails were dropped: it holds 2 mails/);
  });

  test('a source without mail is a usage error that names it', async () => {
    await using mailstop = await aMailstop();
    const folder = aFolder();
    writeFileSync(join(folder, 'mails.jsonl'), '{"file": 1}\n');
    mkdirSync(join(folder, 'empty'));
    const wrong: [string[], RegExp][] = [
      [[], /needs a file, a folder or -/],
      [['--to', '', '-'], /--to must be an address, got ""/],
      [['-', '-'], /stdin \(-\) only once/],
      [[join(folder, 'nowhere')], /cannot read .*nowhere: no such file or folder/],
      [[folder], /mails\.jsonl, line 1: expected an object with file/],
      [[join(folder, 'empty')], /empty has no mail in it: expected/],
      [['--format', 'maildir', join(folder, 'empty')], /is not a Maildir: it has no folders cur and new/],
      [['--format', 'maildir', '-'], /a Maildir is a folder/],
      [['--format', 'mbox', join(folder, 'mails.jsonl')], /mails\.jsonl: it is not an mbox: its first line/],
      [['--format', 'zip', folder], /--format must be auto or eml or mbox or mboxo or maildir, got "zip"/],
    ];
    for (const [args, err] of wrong) {
      expect(await mailstop.run(['import', ...args])).toMatchObject({
        code: 2,
        out: '',
        err: expect.stringMatching(err),
      });
    }
    expect(await mailstop.list()).toEqual([]);
  });
});

describe('export', () => {
  test('exports only what matches, under safe names; without matches there is still an index page', async () => {
    await using mailstop = await aMailstop();
    await mailstop.put('To: ada@x.test\nSubject: ../../../Größe: "50%" / COM1?\n\n');
    await mailstop.put(reset);
    const folder = aFolder();
    expect((await mailstop.run(['export', '--json', join(folder, 'ada'), 'subject:com1'])).out).toBe(
      `${JSON.stringify({ exported: 1, gone: 0, path: join(folder, 'ada') })}\n`,
    );
    expect(readdirSync(join(folder, 'ada', 'mails'))).toEqual(['00001-größe-50-com1.eml', '00001-größe-50-com1.html']);
    expect((await mailstop.run(['export', join(folder, 'none'), 'to:nobody'])).out).toMatch(/^exported 0 mails/);
    expect(readFileSync(join(folder, 'none', 'index.html'), 'utf8')).toContain('No mail.');
    const mbox = await mailstop.run(['export', '-', 'subject:reset']);
    expect(mbox.out).toMatch(/^From shop@x\.test \w+ \w+ +\d+ [\d:]{8} \d{4}\nFrom: Shop/);
  });

  test('nothing is overwritten without --force', async () => {
    await using mailstop = await aMailstop();
    await mailstop.put(reset);
    const folder = aFolder();
    const file = join(folder, 'x.mbox');
    writeFileSync(file, 'mine');
    const wrong: [string[], RegExp][] = [
      [[], /export needs a folder/],
      [[folder], /is not empty: .*--force/],
      [[file], /x\.mbox already exists: --force/],
      [['--format', 'eml', file], /x\.mbox is a file; export needs a folder/],
      [['--format', 'mbox', folder], /already exists and is a folder/],
      [['--format', 'eml', '-'], /--format eml is a folder: it cannot go to stdout/],
      [[join(folder, 'new'), 'is:red'], /column 4/],
    ];
    for (const [args, err] of wrong) {
      expect(await mailstop.run(['export', ...args])).toMatchObject({
        code: 2,
        out: '',
        err: expect.stringMatching(err),
      });
    }
    expect(readFileSync(file, 'utf8')).toBe('mine');
    expect(await mailstop.run(['export', '--force', '--quiet', file])).toMatchObject({ code: 0, out: '', err: '' });
    expect(readFileSync(file, 'utf8')).toMatch(/^From shop/);
    const blocked = await mailstop.run(['export', join(file, 'below')]);
    expect(blocked).toMatchObject({
      code: 3,
      err: expect.stringMatching(
        /^mailstop: cannot write .*below: a part of the path is a file, not a folder \(ENOTDIR/,
      ),
    });
    // /dev/full exists only on Linux.
    if (process.platform !== 'linux') return;
    const full = await mailstop.run(['export', '--force', '--format', 'mbox', '/dev/full']);
    expect(full).toMatchObject({ code: 3, out: '', err: expect.stringMatching(/cannot write \/dev\/full: ENOSPC/) });
    // Node's recursive mkdir never returns there.
    for (const format of ['eml', 'maildir'])
      expect(await mailstop.run(['export', '--format', format, '/proc/mail'])).toMatchObject({
        code: 3,
        out: '',
        err: expect.stringMatching(/cannot write \/proc\/mail/),
      });
  });
});

needs('python3')("Python's mailbox reads what export writes, and import what Python writes", async () => {
  await using mailstop = await aMailstop();
  for (const raw of hard.slice(0, 2)) await mailstop.put(raw);
  const folder = aFolder();
  await mailstop.run(['export', join(folder, 'out.mbox')]);
  await mailstop.run(['export', '--format', 'maildir', join(folder, 'out')]);
  const script = `
import mailbox, sys
folder = sys.argv[1]
for box in [mailbox.mbox(folder + '/out.mbox'), mailbox.Maildir(folder + '/out')]:
    print(sorted(str(mail['subject']) for mail in box))
box = mailbox.mbox(folder + '/python.mbox')
for n in range(3):
    box.add('Subject: python %d\\n\\nFrom the text\\n' % n)
box.flush()
`;
  const { out, err, code } = await start('python3', ['-c', script, folder]).ended;
  expect([code, err, out]).toEqual([0, '', "['Reset your password', 'bare LF']\n".repeat(2)]);
  await mailstop.run(['clear', '--all']);
  await mailstop.run(['import', '--format', 'mboxo', join(folder, 'python.mbox')]);
  expect(await octets(mailstop)).toEqual([0, 1, 2].map((n) => `Subject: python ${n}\n\nFrom the text\n`));
});

describe('1,000 mails', () => {
  const COUNT = 1000;
  const SIZE = 90_000;
  /** Node, garbage not yet collected and a few mails: 110 to 125 MB. All mails would be 90 MB more. */
  const MAX_PEAK_MB = 165;

  /**
   * Prints the peak memory of a process when it ends. On Linux, `maxRSS` includes that of the parent; the high-water mark
   * starts over with each program.
   */
  const peak = `
    import { readFileSync } from 'node:fs';
    const kilobytes = () => process.platform === 'linux'
      ? /VmHWM:\\s*(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]
      : process.resourceUsage().maxRSS;
    process.on('exit', () => process.stderr.write('peak ' + kilobytes()));`;

  test('go in and out as mbox, Maildir and .eml, octet for octet, with only a few in memory', async () => {
    await using mailstop = await aMailstop({ maxMessages: COUNT, maxBytes: 1024 ** 3 });
    const folder = aFolder();
    const frugally = async (...args: string[]) => {
      // Since Node 24 the young generation grows beyond 64 MiB of garbage; a fixed size makes versions comparable.
      const flags = ['--max-semi-space-size=8', `--import=data:text/javascript,${encodeURIComponent(peak)}`];
      const env = { NODE_OPTIONS: flags.join(' ') };
      const { code, out, err } = await mailstop.run(args, { env });
      const [, kilobytes] = /^peak (\d+)$/.exec(err) ?? [];
      expect({ code, out, err }).toMatchObject({ code: 0, out: expect.stringContaining(`${COUNT} mails`) });
      expect([args[0], Number(kilobytes) / 1024 < MAX_PEAK_MB, kilobytes]).toEqual([args[0], true, kilobytes]);
    };
    /** A digest of all octets in order, read from their files. */
    const digest = async () => {
      const hash = createHash('sha256');
      const ids = await mailstop.store.ids({ match: 'everything' });
      expect(ids).toHaveLength(COUNT);
      for (const id of ids.toReversed()) hash.update((await mailstop.store.raw(id)) ?? '');
      return hash.digest('hex');
    };

    const before = createHash('sha256');
    const first = createWriteStream(join(folder, 'first.mbox'));
    const filler = `${'From here on it is text. '.repeat(3)}\r\n`;
    for (let n = 0; n < COUNT; n++) {
      // An attachment, since parsing that much text would dominate.
      const head = `To: user-${n}@x.test\r\nSubject: mail ${n}\r\nContent-Type: application/x-log\r\n`;
      const raw = `${head}\r\n${filler.repeat(SIZE / filler.length)}`;
      before.update(raw);
      if (!first.write(toMbox(Buffer.from(raw), 'a@x.test', new Date(0)))) await once(first, 'drain');
    }
    first.end();
    await finished(first);
    const all = before.digest('hex');

    await frugally('import', join(folder, 'first.mbox'));
    expect(await digest()).toBe(all);
    for (const format of ['maildir', 'eml']) {
      await frugally('export', '--format', format, join(folder, format));
      await mailstop.store.clear();
      await frugally('import', join(folder, format));
      expect([format, await digest()]).toEqual([format, all]);
    }
    await frugally('export', join(folder, 'last.mbox'));
    const reader = new MboxReader('mboxrd');
    const last = createHash('sha256');
    for await (const chunk of createReadStream(join(folder, 'last.mbox')))
      for (const { raw } of reader.push(chunk)) last.update(raw ?? '');
    for (const { raw } of reader.end()) last.update(raw ?? '');
    expect(last.digest('hex')).toBe(all);
  }, 900_000);
});
