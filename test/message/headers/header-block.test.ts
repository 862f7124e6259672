import { expect, test } from 'vitest';
import { headerBlock, MAX_HEADER_OCTETS } from '../../../server/message/headers/header-block.ts';

const read = (text: string) => {
  const raw = Buffer.from(text, 'latin1');
  const { fields, bodyAt, cut } = headerBlock(raw);
  return { fields: fields.map(({ name, value }) => `${name}=${value}`), body: raw.toString('latin1', bodyAt), cut };
};

test.each<[string, string, string[], string]>([
  ['CRLF', 'A: 1\r\nB: 2\r\n\r\nbody\r\n', ['A=1', 'B=2'], 'body\r\n'],
  ['bare LF', 'A: 1\nB: 2\n\nbody\n', ['A=1', 'B=2'], 'body\n'],
  ['bare CR, where there is no LF', 'A: 1\rB: 2\r\rbody\r', ['A=1', 'B=2'], 'body\r'],
  ['a bare CR among CRLF ends no line', 'A: 1\rB: 2\r\n\r\nbody', ['A=1\rB: 2'], 'body'],
  ['mixed line ends', 'A: 1\nB: 2\r\n\nbody', ['A=1', 'B=2'], 'body'],
  ['folded', 'A: 1\r\n  2\r\n\t3\r\n\r\n', ['A=1  2\t3'], ''],
  ['folded in front', 'A:\r\n 1\r\n\r\n', ['A=1'], ''],
  ['folded with a line of blanks', 'A: 1\r\n \r\n 2\r\n\r\n', ['A=1  2'], ''],
  ['blanks before the colon (RFC 5322 §4.5)', 'A \t: 1\r\n\r\n', ['A=1'], ''],
  ['empty values', 'A:\r\nB: \r\n\r\n', ['A=', 'B='], ''],
  ['colons in the value', 'A: b:c\r\n\r\n', ['A=b:c'], ''],
  ['repeats', 'A: 1\r\na: 2\r\n\r\n', ['A=1', 'a=2'], ''],
  ['empty lines in front', '\r\n\nSubject: 1\nB: 2\n\nbody', ['Subject=1', 'B=2'], 'body'],
  ['a text after an empty line', '\nNote: 1\n\nbody', [], 'Note: 1\n\nbody'],
  ['an mbox separator', 'From ada Sat Nov 21 10:00:00 2026\nA: 1\n\nbody', ['A=1'], 'body'],
  ['no body', 'A: 1\r\n', ['A=1'], ''],
  ['no line end at all', 'A: 1', ['A=1'], ''],
  ['no header', '\r\nbody', [], 'body'],
  ['nothing', '', [], ''],
  ['text alone', 'Hello there,\r\nA: 1\r\n', [], 'Hello there,\r\nA: 1\r\n'],
  [
    'no empty line: the body starts where no field can be',
    'A: 1\r\nHello there\r\nB: 2\r\n',
    ['A=1'],
    'Hello there\r\nB: 2\r\n',
  ],
  [
    'a wrapped line that nobody folded ends the header',
    'A: long\r\nline\r\nB: 2\r\n\r\n',
    ['A=long'],
    'line\r\nB: 2\r\n\r\n',
  ],
  ['a continuation without a field', ' A: 1\r\n\r\n', [], ' A: 1\r\n\r\n'],
  ['the last octet of an à in UTF-8', 'A: \xc3\xa0\r\n\r\n', ['A=\xc3\xa0'], ''],
])('%s', (_, text, fields, body) => {
  expect(read(text)).toEqual({ fields, body, cut: false });
});

test.each([8191, 8192, 8193, 100_000])('a block of %i octets is read to its end', (octets) => {
  const start = 'A: 1\r\nLong: ';
  const text = `${start.padEnd(octets - 4, 'x')}\r\n\r\nbody`;
  expect(read(text)).toMatchObject({ body: 'body', cut: false });
  expect(headerBlock(Buffer.from(text)).bodyAt).toBe(octets);
});

test.each([-3, -2, -1, 0, 1, 2, 1000])('a block that ends %i octets from the limit: the body is found', (offset) => {
  const text = `${'A: 1\r\nLong: '.padEnd(MAX_HEADER_OCTETS + offset - 4, 'x')}\r\n\r\nbody`;
  const { fields, body } = read(text);
  expect(fields[0]).toBe('A=1');
  expect(body).toBe('body');
});

test.each([
  [1000, false],
  [1001, true],
])('a block of %i fields is cut: %s', (count, expected) => {
  const { fields, body, cut } = read(`${'A: 1\n'.repeat(count)}\nbody`);
  expect(fields).toHaveLength(1000);
  expect({ body, cut }).toEqual({ body: 'body', cut: expected });
});

test('fields after the limit are left out', () => {
  const { fields, body, cut } = read(`${'A: 1\n'.repeat(60_000)}Last: 1\n\nbody`);
  expect(cut).toBe(true);
  expect(fields).not.toContain('Last=1');
  expect(body).toBe('body');
});
