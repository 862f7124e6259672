import { expect, test } from 'vitest';
import { parseAddressList } from '../../../server/message/headers/address-list.ts';
import { HeaderLimit } from '../../../server/message/headers/encoded-word.ts';
import type { Address } from '../../../server/message/message.ts';

const utf8 = (text: string) => Buffer.from(text).toString('latin1');
const at = (address: string, name = ''): Address => ({ name, address });
const ada = at('ada@x.test', 'Ada');

test.each<[string, string, Address[]]>([
  ['an address alone', 'ada@x.test', [at('ada@x.test')]],
  ['in brackets', '<ada@x.test>', [at('ada@x.test')]],
  ['with a name', 'Ada Lovelace <ada@x.test>', [at('ada@x.test', 'Ada Lovelace')]],
  ['two of them', 'Ada <ada@x.test>, bob@x.test', [ada, at('bob@x.test')]],
  [
    'a comma in a quoted name',
    '"Doe, John" <john@x.test>, bob@x.test',
    [at('john@x.test', 'Doe, John'), at('bob@x.test')],
  ],
  [
    'escapes in a quoted name',
    String.raw`"The \"Shop\" \\o/" <a@x.test>`,
    [at('a@x.test', String.raw`The "Shop" \o/`)],
  ],
  ['an encoded name', '=?UTF-8?Q?J=C3=BCrgen?= <j@x.test>', [at('j@x.test', 'Jürgen')]],
  ['an encoded name within quotes', '"=?UTF-8?Q?J=C3=BCrgen?=" <j@x.test>', [at('j@x.test', 'Jürgen')]],
  ['a comma left in an encoded word', '=?UTF-8?Q?Doe, Ada?= <ada@x.test>', [at('ada@x.test', 'Doe, Ada')]],
  [
    'an address hidden in an encoded name stays a name',
    '=?UTF-8?Q?=3Cevil=40x.test=3E?= <a@x.test>',
    [at('a@x.test', '<evil@x.test>')],
  ],
  [
    'all of it in one encoded word names no address',
    '=?UTF-8?Q?Ada_=3Cada=40x.test=3E?=',
    [at('', 'Ada <ada@x.test>')],
  ],
  ['raw UTF-8 (RFC 6532)', utf8('Пётр <пётр@почта.рф>'), [at('пётр@почта.рф', 'Пётр')]],
  ['a name that ends in the octet A0', utf8('à <a@x.test>'), [at('a@x.test', 'à')]],
  ['undeclared latin1', 'J\xfcrgen <j@x.test>', [at('j@x.test', 'Jürgen')]],
  ['the name as a comment (RFC 5322 §3.4.1)', 'ada@x.test (Ada)', [ada]],
  ['nested comments', 'Ada (of (the (shop))) <ada@x.test>', [ada]],
  ['a group', 'Friends: Ada <ada@x.test>, bob@x.test;, carl@x.test', [ada, at('bob@x.test'), at('carl@x.test')]],
  ['an empty group', 'undisclosed-recipients:;', []],
  ['comments around groups', '(c) Friends (d): (e) ada@x.test (Ada) ; (f), bob@x.test', [ada, at('bob@x.test')]],
  ['a group of comments (RFC 5322, A.6.1)', '(Empty)(start)Hidden  :(nobody(that I know))  ;', []],
  [
    'white space around dots (RFC 5322 §4.4)',
    'ada . l @ x . test, jdoe@test  . example',
    [at('ada.l@x.test'), at('jdoe@test.example')],
  ],
  ['white space around dots in brackets', 'Ada <ada@x . test>', [ada]],
  ['an empty group in brackets', '<undisclosed-recipients:;>', []],
  ['empty', '', []],
  ['only commas', ' , ,, ', []],
  ['a source route (RFC 5322 §4.4)', '<@hop.test,@hop2.test:ada@x.test>', [at('ada@x.test')]],
  ['white space around the @ (RFC 5322 §4.4)', 'ada @ x.test', [at('ada@x.test')]],
  ['white space in brackets', '< ada@x.test >', [at('ada@x.test')]],
  ['a quoted local part', '"ada lovelace"@x.test', [at('"ada lovelace"@x.test')]],
  ['a bracket in a quoted local part', '<"a>b"@x.test>', [at('"a>b"@x.test')]],
  ['a domain literal with colons', 'ada@[IPv6:::1]', [at('ada@[IPv6:::1]')]],
  ['no closing bracket', 'Ada <ada@x.test, bob@x.test', [ada, at('bob@x.test')]],
  ['no closing bracket before the next', '<ada@x.test, Bob <bob@x.test>', [at('ada@x.test'), at('bob@x.test', 'Bob')]],
  ['no comma', '<ada@x.test> <bob@x.test>', [at('ada@x.test'), at('bob@x.test')]],
  ['no brackets', 'Ada ada@x.test', [ada]],
  ['semicolons for commas', 'ada@x.test; bob@x.test', [at('ada@x.test'), at('bob@x.test')]],
  ['an unclosed quote', '"Ada <ada@x.test>', [at('', 'Ada <ada@x.test>')]],
  ['a bare local part', 'root', [at('root')]],
  ['a bare local part with a comment', 'root (Cron Daemon)', [at('root', 'Cron Daemon')]],
  ['a name alone', 'Ada Lovelace', [at('', 'Ada Lovelace')]],
  ['a name with nothing in the brackets', 'Ada <>', [at('', 'Ada')]],
  ['line ends smuggled into a name', '=?UTF-8?Q?Ada=0D=0ABcc:_x?= <ada@x.test>', [at('ada@x.test', 'Ada Bcc: x')]],
])('%s', (_, value, addresses) => {
  expect(parseAddressList(value)).toEqual(addresses);
});

test('stops at the limit', () => {
  expect(parseAddressList('a@x.test, b@x.test, c@x.test', 2)).toEqual([at('a@x.test'), at('b@x.test')]);
  // An address cut by the limit is left out: `b` would be wrong.
  expect(parseAddressList('a@x.test, b c@x.test', 9, new HeaderLimit(4))).toEqual([at('a@x.test')]);
});

// If any of these were quadratic, the test would time out.
test.each([
  'g:',
  '<',
  '<,',
  '<,(',
  '<,[(]',
  '<,["]',
  '<,=?a?q?(?=',
  '"',
  '(',
  'a @ ',
  '@',
  '=?a?q?',
  '[',
  '""',
  '=',
  '<"',
  '\\',
])('one million octets of %s', (unit) => {
  expect(parseAddressList(unit.repeat(1_000_000 / unit.length))).toBeInstanceOf(Array);
});
