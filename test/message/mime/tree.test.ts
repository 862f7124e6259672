import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { everyPart } from '../../../server/message/mime/structure.ts';
import { mimeTree } from '../../../server/message/mime/tree.ts';
import { cpuMs, least } from '../../cpu.ts';

/** A tree as lines: path, type, body, and what was guessed. */
function outline(raw: string | Buffer): string[] {
  const octets = Buffer.from(raw as string, 'latin1');
  return [...everyPart(mimeTree(octets))].map(({ path, header, bodyAt, end, children, faults }) => {
    const body = children.length > 0 ? '' : ` ${JSON.stringify(octets.toString('latin1', bodyAt, end))}`;
    return `${path} ${header.contentType}${body}${faults.length > 0 ? ` (${faults.join(', ')})` : ''}`;
  });
}

const mixed = (body: string, boundary = 'B') => `Content-Type: multipart/mixed; boundary="${boundary}"\n\n${body}`;

test.each<[string, string, string[]]>([
  ['a mail without parts', 'Subject: x\n\nHello\n', ['1 text/plain "Hello\\n"']],
  [
    'a preamble and an epilogue are no problem (RFC 2046 §5.1.1)',
    mixed('Preamble\n--B\n\none\n--B\n\ntwo\n--B--\nEpilogue\n'),
    ['TEXT multipart/mixed', '1 text/plain "one"', '2 text/plain "two"'],
  ],
  [
    'boundaries padded with white space',
    mixed('--B  \n\none\n--B \t\n\ntwo\n--B--  \n'),
    ['TEXT multipart/mixed', '1 text/plain "one"', '2 text/plain "two"'],
  ],
  [
    'a line that only begins like the boundary',
    mixed('--B\n\none\n--Bx\n--B-\n --B\ntwo\n--B--\n'),
    ['TEXT multipart/mixed', '1 text/plain "one\\n--Bx\\n--B-\\n --B\\ntwo"'],
  ],
  [
    'the boundary of an outer multipart ends an inner one that is not closed',
    mixed(
      '--B\nContent-Type: multipart/alternative; boundary=I\n\n--I\n\none\n--B\nContent-Type: a/b\n\nfile\n--B--\n',
    ),
    ['TEXT multipart/mixed', '1 multipart/alternative (ended-from-outside)', '1.1 text/plain "one"', '2 a/b "file"'],
  ],
  [
    'a boundary that begins with another one',
    mixed('--B\nContent-Type: multipart/mixed; boundary=Bx\n\n--Bx\n\none\n--Bx--\n--B--\n'),
    ['TEXT multipart/mixed', '1 multipart/mixed', '1.1 text/plain "one"'],
  ],
  [
    'a boundary that is another one with -- after it',
    mixed('--B\nContent-Type: multipart/mixed; boundary="B--"\n\n--B--\n\none\n--B----\n--B--\n'),
    ['TEXT multipart/mixed', '1 multipart/mixed', '1.1 text/plain "one"'],
  ],
  [
    'an inner multipart with the boundary of the outer one',
    mixed('--B\nContent-Type: multipart/mixed; boundary=B\n\n--B\n\none\n--B--\n--B\n\ntwo\n--B--\n'),
    ['TEXT multipart/mixed', '1 multipart/mixed', '1.1 text/plain "one"', '2 text/plain "two"'],
  ],
  [
    'the parts of a digest are mails (RFC 2046 §5.1.5)',
    'Content-Type: multipart/digest; boundary=B\n\n--B\n\nSubject: a\n\none\n--B\nContent-Type: text/plain\n\ntwo\n--B--\n',
    ['TEXT multipart/digest', '1 message/rfc822', '1.1 text/plain "one"', '2 text/plain "two"'],
  ],
  [
    'a mail within the mail is numbered as in IMAP',
    mixed(`--B\nContent-Type: message/rfc822\n\n${mixed('--I\n\none\n--I--\n', 'I')}\n--B\n\ntwo\n--B--\n`),
    [
      'TEXT multipart/mixed',
      '1 message/rfc822',
      '1.TEXT multipart/mixed',
      '1.1 text/plain "one"',
      '2 text/plain "two"',
    ],
  ],
  [
    'a part without a header, and one without the empty line',
    mixed('--B\n\none\n--B\nContent-Type: text/html\n<p>two\n--B\nthree, too\n--B--\n'),
    [
      'TEXT multipart/mixed',
      '1 text/plain "one"',
      '2 text/html "<p>two" (header-abrupt)',
      '3 text/plain "three, too" (header-abrupt)',
    ],
  ],
  [
    'a part that is only a header, and boundaries in a row',
    mixed('--B\nContent-Type: a/b\n--B\n--B\n\none\n--B--\n'),
    ['TEXT multipart/mixed', '1 a/b ""', '2 text/plain "one"'],
  ],
  ['no final boundary', mixed('--B\n\none\n'), ['TEXT multipart/mixed (no-final-boundary)', '1 text/plain "one\\n"']],
  [
    'parts after the final boundary',
    mixed('--B\n\none\n--B--\n--B\n\ntwo\n--B--\n'),
    ['TEXT multipart/mixed (parts-after-the-end)', '1 text/plain "one"'],
  ],
  ['a boundary that is nowhere', mixed('Hello'), ['TEXT multipart/mixed "Hello" (boundary-not-found)']],
  ['an empty boundary', mixed('--\n\none\n----\n', ''), ['TEXT multipart/mixed "--\\n\\none\\n----\\n" (no-boundary)']],
  ['no boundary', 'Content-Type: multipart/mixed\n\nHello', ['TEXT multipart/mixed "Hello" (no-boundary)']],
  [
    'a multipart in base64, which there may not be (RFC 2045 §6.4)',
    `Content-Transfer-Encoding: base64\n${mixed('--B\n\none\n--B--\n')}`,
    ['TEXT multipart/mixed (encoded-multipart)', '1 text/plain "one"'],
  ],
  [
    'a boundary with 8-bit octets',
    mixed('--\xe4\xff\n\none\n--\xe4\xff--\n', '\xe4\xff'),
    ['TEXT multipart/mixed', '1 text/plain "one"'],
  ],
  [
    'a boundary in pieces, and one with a comment (RFC 2231, 2045)',
    `Content-Type: multipart/mixed (yes; really) ; boundary*0="B;"; boundary*1=x (no "more")\n\n--B;x\n\none\n--B;x--\n`,
    ['TEXT multipart/mixed', '1 text/plain "one"'],
  ],
  [
    'a repeated Content-Type: the first counts',
    `Content-Type: text/html\nContent-Type: text/plain\n\nHello`,
    ['1 text/html "Hello"'],
  ],
  ['a type without a subtype is text (RFC 2045 §5.2)', 'Content-Type: text\n\nHello', ['1 text/plain "Hello"']],
  ['white space before the colon (RFC 5322 §4.5)', 'Content-Type : text/html\n\nHello', ['1 text/html "Hello"']],
  [
    'an empty line before the header',
    '\r\nSubject: x\r\nContent-Type: text/html\r\n\r\nHello',
    ['1 text/html "Hello" (header-late)'],
  ],
  [
    'a text that begins with an empty line',
    '\nNote: this is text\n\nHello',
    ['1 text/plain "Note: this is text\\n\\nHello"'],
  ],
  ['an mbox separator', 'From bob Sat Nov 21\nContent-Type: text/html\n\nHello', ['1 text/html "Hello"']],
  [
    'a part whose text begins like an mbox separator',
    mixed('--B\nFrom here on it is text\n--B--\n'),
    ['TEXT multipart/mixed', '1 text/plain "From here on it is text" (header-abrupt)'],
  ],
])('%s', (_, raw, lines) => {
  expect(outline(raw)).toEqual(lines);
  // The same with the other line ends.
  if (raw.includes('\r')) return;
  for (const lineEnd of ['\r\n', '\r']) {
    const other = outline(raw.replaceAll('\n', lineEnd)).map((line) =>
      line.replaceAll(JSON.stringify(lineEnd).slice(1, -1), '\\n'),
    );
    expect(other).toEqual(lines);
  }
});

describe('limits', () => {
  test('parts nested more than 100 levels deep are not opened', () => {
    const deep = Array.from({ length: 300 }, (_, n) => `Content-Type: multipart/mixed; boundary=b${n}\n\n--b${n}\n`);
    const parts = [...everyPart(mimeTree(Buffer.from(deep.join(''))))];
    expect(parts).toHaveLength(101);
    expect(parts.at(-1)?.faults).toEqual(['too-deep']);
  });

  test('an attached mail with too many parts takes none from the others', () => {
    const inner = mixed('--I\n\n.\n'.repeat(3000), 'I');
    const raw = mixed(`--B\nContent-Type: message/rfc822\n\n${inner}\n--B\n\nlast\n--B--\n`);
    const lines = outline(raw);
    expect(lines.slice(0, 2)).toEqual(['TEXT multipart/mixed', '1 message/rfc822 (too-many-inner-parts)']);
    expect(lines.at(-1)).toBe('2 text/plain "last"');
    expect(lines.length).toBeLessThan(1010);
  });
});

test('for any octets, parts are inside their parents, one after another', () => {
  const token = fc.constantFrom(
    ...[
      '\n',
      '\n\n',
      '\r\n',
      '\r',
      '--B',
      '--B\n',
      '--B--\n',
      '--C\n',
      '--C--',
      ' ',
      'x',
      'From ',
      ': ',
      '=',
      ';',
      '"',
      '(',
    ],
    ...['Content-Type: multipart/mixed; boundary=B\n\n', 'Content-Type: multipart/digest; boundary=C\n\n'],
    ...['Content-Type: message/rfc822\n\n', 'Content-Transfer-Encoding: base64\n', 'boundary=', '\0', '\xff'],
  );
  fc.assert(
    fc.property(fc.array(token, { maxLength: 60 }), (tokens) => {
      const raw = Buffer.from(tokens.join(''), 'latin1');
      for (const part of everyPart(mimeTree(raw))) {
        expect(part.headerAt <= part.bodyAt && part.bodyAt <= part.end && part.end <= raw.length).toBe(true);
        let at = part.bodyAt;
        for (const child of part.children) {
          expect(child.headerAt).toBeGreaterThanOrEqual(at);
          at = child.end;
        }
        expect(at).toBeLessThanOrEqual(part.end);
      }
    }),
    { numRuns: 3000, examples: [[['Content-Type: multipart/digest; boundary=C\n\n', '--C\n', '\n', '\n', '--C--']]] },
  );
});

const KB = 1024;
const filled = (part: string, octets: number) => part.repeat(Math.floor(octets / part.length));

describe('takes linear time', () => {
  test.each<[string, (octets: number) => string]>([
    ['boundaries', (octets) => mixed(filled('--B\n', octets))],
    ['boundaries with empty parts', (octets) => mixed(filled('--B\n\n\n', octets))],
    ['lines that begin like the boundary', (octets) => mixed(filled('--Bx\n', octets))],
    ['dashes', (octets) => mixed(filled('-', octets))],
    ['lines of dashes', (octets) => mixed(filled('--\n', octets))],
    ['one boundary and spaces', (octets) => mixed(`--B${filled(' ', octets)}x\n`)],
    ['nested multiparts', (octets) => filled('Content-Type: multipart/mixed; boundary=B\n\n--B\n', octets)],
    ['nested mails', (octets) => filled('Content-Type: message/rfc822\n\n', octets)],
    ['a long boundary, nearly', (octets) => mixed(filled(`--${'b'.repeat(1000)}\n`, octets), 'b'.repeat(1001))],
    ['a folded header', (octets) => `Content-Type: a/b;\n${filled(' x\n', octets)}`],
    ['fields', (octets) => filled('Content-Type: a/b\n', octets)],
    [
      'parts with long headers',
      (octets) => mixed(filled(`--B\nContent-Type: a/b${filled(';a=b', 16 * KB)}\n\n`, octets)),
    ],
    ['pieces of a parameter', (octets) => `Content-Type: a/b${filled(';a*0=b', octets)}\n\n`],
    ['comments', (octets) => `Content-Type: a/b${filled('(', octets)}\n\n`],
    [
      'comments that are closed',
      (octets) => `Content-Type: a/b${filled('(', octets / 2)}${filled(')', octets / 2)}\n\n`,
    ],
    ['quotes', (octets) => `Content-Type: a/b; name=${filled('"\\', octets)}\n\n`],
    ['encoded words in a parameter', (octets) => `Content-Type: a/b; name="${filled('=?utf-8?q?a', octets)}"\n\n`],
    ['beginnings of encoded words', (octets) => `Content-Type: a/b; name="${filled('=?', octets)}"\n\n`],
    ['empty lines', (octets) => filled('\n', octets)],
    [
      'spaces before the header ends',
      (octets) => `Content-Type: multipart/mixed; boundary=B${filled(' ', octets)}x\n\n--B\n`,
    ],
  ])('%s', async (_, make) => {
    const [small, large] = [make(256 * KB), make(2048 * KB)].map((raw) => Buffer.from(raw));
    const read = (raw: Buffer | undefined) => cpuMs(() => mimeTree(raw ?? Buffer.alloc(0)));
    await read(small);
    // Quadratic work would take 64 times as long.
    const limit = 24 * Math.max(await least(5, () => read(small)), 5);
    expect(await least(limit, () => read(large))).toBeLessThan(limit);
  });
});
