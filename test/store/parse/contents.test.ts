import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { parseContent } from '../../../server/message/content.ts';
import type { Content } from '../../../server/message/message.ts';
import { digestOf } from '../../../server/message/query/digest.ts';
import { nothing } from '../../../server/message/unparsed.ts';
import { Contents } from '../../../server/store/parse/contents.ts';
import { ParserThread } from '../../../server/store/parse/parser-thread.ts';
import { Progress } from '../../../server/store/parse/progress.ts';
import { cpuMs } from '../../cpu.ts';
import { inOwnProcess } from '../../own-process.ts';

const hello = Buffer.from('Subject: hello\r\n\r\nHello Ada');

/** Keeps a parser busy for a second: hundreds of parts, then much markup. */
const slow = Buffer.from(
  `Subject: slow\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n` +
    '--b\r\nContent-Transfer-Encoding: base64\r\n\r\nQUJD\r\n'.repeat(900) +
    `--b\r\nContent-Type: text/html\r\n\r\n${'<b>x\n'.repeat(800_000)}\r\n--b--\r\n`,
);

const parse = async (contents: Contents, id: string, raw: Buffer) => (await contents.read(id, raw, 'reader')).content;

const file = (octets: number) => {
  const base64 = Buffer.alloc(octets, 'x').toString('base64');
  return Buffer.from(
    `Content-Type: application/zip; name=a.zip\r\nContent-Transfer-Encoding: base64\r\n\r\n${base64}\r\n`,
  );
};

test('a digest is not cached, and finds the same as a read', async () => {
  await using contents = new Contents({ threads: 1 });
  const digest = await contents.digest('a', hello);
  expect(digest).toMatchObject({ attachments: [], preview: 'Hello Ada', body: { text: 'hello ada', html: false } });
  const content = await parse(contents, 'a', hello);
  expect(digestOf(content)).toEqual(digest);
  // A mail that is parsed or being parsed is not parsed again.
  const [read, found] = await Promise.all([parse(contents, 'b', hello), contents.digest('b', hello)]);
  expect(found).toEqual(digestOf(read));
});

test('a mail is parsed in another thread', async () => {
  await using contents = new Contents();
  expect(await parse(contents, 'a', hello)).toEqual({
    text: 'Hello Ada',
    html: null,
    headers: [{ name: 'Subject', value: 'hello' }],
    attachments: [],
    structure: expect.objectContaining({ path: '1', contentType: 'text/plain', shownAs: 'text', size: 9 }),
    searchText: 'Hello Ada',
    preview: 'Hello Ada',
    ...nothing,
    warnings: ['From', 'Date', 'Message-ID'].map((name) => ({
      code: 'missing-field' as const,
      text: `There is no ${name} field (RFC 5322 §3.6).`,
      where: 'header' as const,
    })),
    problem: null,
  } satisfies Content);
});

test('the octets of parts, small and large', async () => {
  await using contents = new Contents();
  for (const octets of [1, 1000, 5000, 3_000_000]) {
    const raw = file(octets);
    const part = await contents.attachment(`file-${octets}`, 0, raw);
    expect(part?.equals(Buffer.alloc(octets, 'x'))).toBe(true);
    expect(await contents.attachment(`file-${octets}`, 1, raw)).toBeNull();
    expect(await contents.attachment(`file-${octets}`, -1, raw)).toBeNull();
  }
});

test('the mail itself is not changed', async () => {
  await using contents = new Contents();
  const shared = Buffer.from(`xxxxxx${hello.toString('latin1')}xxxxxx`);
  const raw = shared.subarray(6, 6 + hello.length);
  expect((await parse(contents, 'a', raw)).text).toBe('Hello Ada');
  expect(raw.equals(hello)).toBe(true);
});

test('concurrent and later readers get the same content', async () => {
  await using contents = new Contents();
  const [one, two] = await Promise.all([parse(contents, 'a', hello), parse(contents, 'a', hello)]);
  expect(two).toBe(one);
  expect(await parse(contents, 'a', hello)).toBe(one);
});

test('a forgotten mail is parsed again', async () => {
  await using contents = new Contents();
  const first = parse(contents, 'a', hello);
  contents.forget(['a', 'never-seen']);
  const second = await parse(contents, 'a', hello);
  expect(second).not.toBe(await first);
  contents.forget(['a']);
  expect(await parse(contents, 'a', hello)).not.toBe(second);
});

describe('regular expressions are checked in a thread', () => {
  test('each has its fault, or none', async () => {
    await using contents = new Contents({ threads: 1 });
    for (let i = 0; i < 2; i++)
      expect(await contents.regexFaults(['a+', '(', 'a+', 'x'.repeat(1001)])).toEqual([
        null,
        'missing closing ): `(`',
        null,
        'it has 1001 characters; the limit is 1000',
      ]);
  });

  test('those that take too much work are stopped; the next are checked', async () => {
    await using contents = new Contents({ threads: 1, deadline: 200 });
    const costly = Array.from({ length: 300 }, (_, i) => `${'[!-\u{10fff}]'.repeat(150)}${i}`);
    await expect(contents.regexFaults(costly)).rejects.toThrow(
      'Reading the expressions was stopped after 200 ms of work.',
    );
    expect(await contents.regexFaults(['a'])).toEqual([null]);
  });
});

describe('a mail that breaks its parser', () => {
  test('is stopped at the deadline; its headers are returned, and other mails are parsed', async () => {
    await using contents = new Contents({ threads: 1, deadline: 100 });
    const [broken, ...others] = await Promise.all([
      parse(contents, 'slow', slow),
      parse(contents, 'a', hello),
      parse(contents, 'b', hello),
    ]);
    expect(broken).toMatchObject({
      headers: expect.arrayContaining([{ name: 'Subject', value: 'slow' }]),
      attachments: [],
      problem: expect.stringMatching(
        /^Reading this mail was stopped after \d+ ms of work, at [A-Za-z0-9. ]+; what was read before is shown\.$/,
      ),
    });
    expect(others.map(({ text, problem }) => [text, problem])).toEqual([
      ['Hello Ada', null],
      ['Hello Ada', null],
    ]);
  });

  test('is read less far at the next attempt, so that the attempt finishes', async () => {
    const thread = new ParserThread(256);
    const leaveOut = { step: 900, afterWork: 0, why: 'Reading this mail was stopped' };
    const work = { do: 'read' as const, raw: new Uint8Array(slow) };
    const answer = await thread.run({ work, cells: new Progress().cells, leaveOut }, []);
    await thread.end(new Error('the test is over'));
    expect(answer).toMatchObject({
      result: {
        content: {
          headers: expect.arrayContaining([{ name: 'Subject', value: 'slow' }]),
          problem: 'Reading this mail was stopped, at part 1; what was read before is shown.',
        },
      },
    });
  });

  test('does not block others, although there is only one thread', async () => {
    await using contents = new Contents({ threads: 1, deadline: 1000 });
    const done: string[] = [];
    const timed = async (id: string, raw: Buffer) => {
      await parse(contents, id, raw);
      done.push(id);
    };
    await Promise.all([timed('slow', slow), timed('a', hello), timed('b', hello)]);
    expect(done).toEqual(['a', 'b', 'slow']);
  });

  test('is not retried', async () => {
    await using contents = new Contents({ threads: 1, deadline: 100 });
    const broken = await parse(contents, 'slow', slow);
    expect(broken.problem).not.toBeNull();
    expect(await parse(contents, 'slow', slow)).toBe(broken);
    expect(await contents.attachment('slow', 0, slow)).toBeNull();
  });

  test('takes no more memory than allowed', async () => {
    await using contents = new Contents({ threads: 1, heapMiB: 32 });
    const greedy = Buffer.from(`Content-Type: text/html\r\n\r\n${'<b>x\n'.repeat(800_000)}`);
    const [broken, other] = await Promise.all([parse(contents, 'greedy', greedy), parse(contents, 'a', hello)]);
    expect(broken.problem).toMatch(
      /^The mail has more than 262,144 characters of text; the rest of it is not searched[^.]*\. Reading this mail was stopped after 32 MiB of memory, at /,
    );
    expect(other).toMatchObject({ text: 'Hello Ada', problem: null });
  });
});

describe('a mail that somebody reads', () => {
  test('overtakes mails that are only indexed, even hostile ones being parsed', async () => {
    await using contents = new Contents({ threads: 1, deadline: 100 });
    const done: string[] = [];
    const indexed = Array.from({ length: 8 }, async (_, i) => {
      await contents.digest(`slow-${i}`, slow);
      done.push('indexed');
    });
    await parse(contents, 'a', hello);
    done.push('read');
    await contents.read('b', hello, 'search');
    expect(done).toEqual(['read']);
    await Promise.all(indexed);
  });

  test('is not parsed twice if it waits to be indexed', async () => {
    await using contents = new Contents({ threads: 1, deadline: 100 });
    const before = [contents.digest('slow', slow), contents.digest('slow-too', slow)];
    const [digest, read] = await Promise.all([contents.digest('a', hello), contents.read('a', hello, 'reader')]);
    expect(digest?.body).toBe(read.body);
    expect(digest).toEqual(digestOf(read.content));
    await Promise.all(before);
  });
});

test('on a busy machine, a large mail is still read, and a hostile one is stopped', async () => {
  const good = Buffer.from(
    `Content-Type: text/html\r\n\r\n${'<p>Hello <a href="https://x.test/">Ada</a></p>\r\n'.repeat(40_000)}`,
  );
  const alone = await cpuMs(() => parseContent(good));
  // In parallel it takes twice the work, since cores are shared, and several times as long.
  await using contents = new Contents({ threads: 1, deadline: 3 * alone });
  await contents.warm();
  const hogs = Array.from({ length: 8 }, () =>
    spawn(process.execPath, [
      '-e',
      'setTimeout(() => {}, 60_000); for (const end = Date.now() + 60_000; Date.now() < end; );',
    ]),
  );
  try {
    await Promise.all(hogs.map((hog) => once(hog, 'spawn')));
    expect((await parse(contents, 'good', good)).problem).toBe(
      'The mail has more than 262,144 characters of text; the rest of it is not searched, and one-time codes are not looked for in it.',
    );
    await using strict = new Contents({ threads: 1, deadline: 100 });
    expect((await parse(strict, 'slow', slow)).problem).toMatch(/ was stopped after \d+ ms of work/);
  } finally {
    for (const hog of hogs) hog.kill('SIGKILL');
  }
}, 120_000);

/** Each of these freezes a thread for seconds with a parser without limits. */
const header = 'Content-Type: text/html\r\n\r\n';
test.each<[string, string]>([
  ['a table of 2 MB', `${header}<table>${'<tr><td>x</td></tr>'.repeat(110_000)}</table>`],
  ['200,000 nested tags', `${header}${'<b>'.repeat(200_000)}x`],
  ['50,000 references', `${'References: <x@y.test>\r\n'.repeat(50_000)}\r\nx`],
  ['groups in groups', `To: ${'g:'.repeat(120_000)}\r\n\r\nx`],
  [
    'the same in a part',
    `Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nTo: ${'g:'.repeat(120_000)}\r\n\r\nx\r\n--b--`,
  ],
  ['a head of unclosed tags', `${header}${'<head><a "'.repeat(200_000)}x`],
])('%s: the main thread is not blocked', async (_, text) => {
  await using contents = new Contents({ threads: 1 });
  await parse(contents, 'warm', hello);
  let turns = 0;
  const count = () => {
    turns++;
    turning = setImmediate(count);
  };
  let turning = setImmediate(count);
  const content = await parse(contents, 'worst', Buffer.from(text));
  clearImmediate(turning);
  expect(turns).toBeGreaterThan(10);
  expect(content.problem === null || content.headers.length > 0).toBe(true);
  expect((await parse(contents, 'next', hello)).text).toBe('Hello Ada');
});

describe('a mail whose parts are larger than the cache', () => {
  test('is parsed again for its parts, not for its content', async () => {
    await using contents = new Contents({ cacheOctets: 100_000 });
    const raw = file(200_000);
    const content = await parse(contents, 'a', raw);
    expect(content.attachments).toMatchObject([{ size: 200_000 }]);
    expect(await parse(contents, 'a', raw)).toBe(content);
    expect((await contents.attachment('a', 0, raw))?.length).toBe(200_000);
  });
});

describe('disposal', () => {
  test('settles waiting reads', async () => {
    const contents = new Contents({ threads: 1 });
    const pending = Promise.all([parse(contents, 'slow', slow), parse(contents, 'a', hello)]);
    await contents[Symbol.asyncDispose]();
    for (const { problem } of await pending) expect(problem).toBe('Mailstop was stopped before the mail was parsed.');
  });

  test('a stop is not reported as a problem of a mail', async () => {
    const contents = new Contents();
    await contents[Symbol.asyncDispose]();
    expect((await contents.read('a', hello, 'reader')).body).toBeNull();
    expect(await contents.digest('a', hello)).toBeNull();
  });

  test('nothing is parsed after it', async () => {
    const contents = new Contents();
    await contents[Symbol.asyncDispose]();
    expect((await parse(contents, 'a', hello)).problem).toBe('Mailstop was stopped before the mail was parsed.');
    await contents[Symbol.asyncDispose]();
  });
});

test('a thread that is ended while it responds is waited for', async () => {
  const code = `
    import { ParserThread } from '../server/store/parse/parser-thread.ts';
    import { Progress } from '../server/store/parse/progress.ts';
    const thread = new ParserThread(64);
    const run = (cells) => thread.run({ work: { do: 'check', regexes: [] }, cells, leaveOut: null }, []);
    await run(new Progress().cells);
    const { cells } = new Progress();
    const asked = run(cells).catch(({ message }) => message);
    // The response can't be received before the thread ends.
    while (Atomics.load(cells, 0) === 0);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
    await thread.end(new Error('stopped'));
    console.log(await asked);`;
  expect(await inOwnProcess(code)).toBe('stopped\n');
});
