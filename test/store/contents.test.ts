import { describe, expect, test } from 'vitest';
import { digestOf } from '../../server/message/digest.ts';
import { nothing } from '../../server/message/extract.ts';
import type { Content } from '../../server/message/message.ts';
import { Contents } from '../../server/store/contents.ts';

const hello = Buffer.from('Subject: hello\r\n\r\nHello Ada');

/** Keeps a parser busy for half a second. */
const slow = Buffer.from(`Subject: slow\r\nContent-Type: text/html\r\n\r\n${'&amp;'.repeat(800_000)}`);

const file = (octets: number) => {
  const base64 = Buffer.alloc(octets, 'x').toString('base64');
  return Buffer.from(
    `Content-Type: application/zip; name=a.zip\r\nContent-Transfer-Encoding: base64\r\n\r\n${base64}\r\n`,
  );
};

test('of what nobody reads yet nothing is kept, and the same is found', async () => {
  await using contents = new Contents({ threads: 1 });
  const digest = await contents.digest('a', hello);
  expect(digest).toMatchObject({ attachments: [], preview: 'Hello Ada', body: { text: 'hello ada', html: false } });
  const content = await contents.content('a', hello);
  expect(digestOf(content)).toEqual(digest);
  // Parsed or being parsed for somebody else, it is not parsed again.
  const [read, found] = await Promise.all([contents.content('b', hello), contents.digest('b', hello)]);
  expect(found).toEqual(digestOf(read));
});

test('a mail is parsed in another thread', async () => {
  await using contents = new Contents();
  expect(await contents.content('a', hello)).toEqual({
    text: 'Hello Ada',
    html: null,
    headers: [{ name: 'Subject', value: 'hello' }],
    attachments: [],
    structure: expect.objectContaining({ path: '1', contentType: 'text/plain', shownAs: 'text', size: 9 }),
    searchText: 'Hello Ada',
    preview: 'Hello Ada',
    ...nothing,
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

test('the mail itself is left as it is', async () => {
  await using contents = new Contents();
  const shared = Buffer.from(`xxxxxx${hello.toString('latin1')}xxxxxx`);
  const raw = shared.subarray(6, 6 + hello.length);
  expect((await contents.content('a', raw)).text).toBe('Hello Ada');
  expect(raw.equals(hello)).toBe(true);
});

test('all who ask at the same time, and later, get the same', async () => {
  await using contents = new Contents();
  const [one, two] = await Promise.all([contents.content('a', hello), contents.content('a', hello)]);
  expect(two).toBe(one);
  expect(await contents.content('a', hello)).toBe(one);
});

test('a forgotten mail is parsed anew', async () => {
  await using contents = new Contents();
  const first = contents.content('a', hello);
  contents.forget(['a', 'never-seen']);
  const second = await contents.content('a', hello);
  expect(second).not.toBe(await first);
  contents.forget(['a']);
  expect(await contents.content('a', hello)).not.toBe(second);
});

describe('a mail that breaks its parser', () => {
  test('is given up at the deadline; its headers are told, and the others are parsed', async () => {
    await using contents = new Contents({ threads: 1, deadline: 100 });
    const [broken, ...others] = await Promise.all([
      contents.content('slow', slow),
      contents.content('a', hello),
      contents.content('b', hello),
    ]);
    expect(broken).toMatchObject({
      text: null,
      html: null,
      headers: expect.arrayContaining([{ name: 'Subject', value: 'slow' }]),
      attachments: [],
      problem: expect.stringMatching(/^The mail could not be parsed within \d+ ms\.$/),
    });
    expect(others.map(({ text, problem }) => [text, problem])).toEqual([
      ['Hello Ada', null],
      ['Hello Ada', null],
    ]);
  });

  test('has others parsed beside it, though there is but one thread', async () => {
    await using contents = new Contents({ threads: 1, deadline: 2000 });
    const done: string[] = [];
    const parse = async (id: string, raw: Buffer) => {
      await contents.content(id, raw);
      done.push(id);
    };
    await Promise.all([parse('slow', slow), parse('a', hello), parse('b', hello)]);
    expect(done).toEqual(['a', 'b', 'slow']);
  });

  test('is not tried again', async () => {
    await using contents = new Contents({ threads: 1, deadline: 1 });
    const broken = await contents.content('slow', slow);
    expect(broken.problem).not.toBeNull();
    expect(await contents.content('slow', slow)).toBe(broken);
    expect(await contents.attachment('slow', 0, slow)).toBeNull();
  });

  test('takes no more memory than it may', async () => {
    await using contents = new Contents({ threads: 1, heapMiB: 32 });
    const greedy = Buffer.from(`Content-Type: text/html\r\n\r\n${'<b>x\n'.repeat(800_000)}`);
    const [broken, other] = await Promise.all([contents.content('greedy', greedy), contents.content('a', hello)]);
    expect(broken.problem).toBe('The mail could not be parsed within 32 MiB of memory.');
    expect(other).toMatchObject({ text: 'Hello Ada', problem: null });
  });
});

/** Each of these alone freezes a thread for seconds when a parser does all that it can do. */
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
])('%s: the main thread goes on', async (_, text) => {
  await using contents = new Contents({ threads: 1 });
  await contents.content('warm', hello);
  let turns = 0;
  const count = () => {
    turns++;
    turning = setImmediate(count);
  };
  let turning = setImmediate(count);
  const content = await contents.content('worst', Buffer.from(text));
  clearImmediate(turning);
  expect(turns).toBeGreaterThan(10);
  expect(content.problem === null || content.headers.length > 0).toBe(true);
  expect((await contents.content('next', hello)).text).toBe('Hello Ada');
});

describe('a mail whose parts are larger than the cache', () => {
  test('is parsed again for its parts, not for its content', async () => {
    await using contents = new Contents({ cacheOctets: 100_000 });
    const raw = file(200_000);
    const content = await contents.content('a', raw);
    expect(content.attachments).toMatchObject([{ size: 200_000 }]);
    expect(await contents.content('a', raw)).toBe(content);
    expect((await contents.attachment('a', 0, raw))?.length).toBe(200_000);
  });
});

describe('disposal', () => {
  test('settles what is waiting', async () => {
    const contents = new Contents({ threads: 1 });
    const pending = Promise.all([contents.content('slow', slow), contents.content('a', hello)]);
    await contents[Symbol.asyncDispose]();
    for (const { problem } of await pending) expect(problem).toBe('Mailstop was stopped before the mail was parsed.');
  });

  test('nothing is parsed after it', async () => {
    const contents = new Contents();
    await contents[Symbol.asyncDispose]();
    expect((await contents.content('a', hello)).problem).toBe('Mailstop was stopped before the mail was parsed.');
    await contents[Symbol.asyncDispose]();
  });
});
