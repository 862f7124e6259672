import { expect, test } from 'vitest';
import { parseParameters } from '../../../server/message/mime/parameters.ts';

const read = (value: string) => {
  const { value: main, parameters } = parseParameters(value);
  return [main, Object.fromEntries([...parameters].map(([name, { text }]) => [name, text]))];
};

test.each<[string, string, string, Record<string, string>]>([
  ['none', 'Text/Plain', 'text/plain', {}],
  ['a token and a quoted string', 'a/b; A=1;b="2; \\"3\\""', 'a/b', { a: '1', b: '2; "3"' }],
  [
    'comments anywhere (RFC 2045 §5.1)',
    'a/b (x;y=1) ; (c) charset (d) = utf-8 (e (f) "g")',
    'a/b',
    { charset: 'utf-8' },
  ],
  ['parentheses in a quoted string', 'a/b; name="a (1).pdf"', 'a/b', { name: 'a (1).pdf' }],
  [
    'a name that should be quoted',
    'a/b; name=my file (1) final.pdf; x=y',
    'a/b',
    { name: 'my file (1) final.pdf', x: 'y' },
  ],
  ['a quote that is not closed', 'a/b; name="a.pdf; x=y', 'a/b', { name: 'a.pdf', x: 'y' }],
  ['a comment that is not closed', 'a/b; name=:(.pdf; x=y', 'a/b', { name: ':(.pdf', x: 'y' }],
  ['an extended value (RFC 2231 §4)', "a/b; name*=utf-8'de'%C3%9Cbersicht.pdf", 'a/b', { name: 'Übersicht.pdf' }],
  ['another charset', "a/b; name*=koi8-r''%F0%D2%C9%D7%C5%D4", 'a/b', { name: 'Привет' }],
  ['an unknown charset', "a/b; name*=x-klingon''%C3%9C", 'a/b', { name: 'Ü' }],
  ['no charset at all', 'a/b; name*=%C3%9C', 'a/b', { name: 'Ü' }],
  ['pieces, in any order (§3)', 'a/b; name*2=c; name*0="a"; name*1=b', 'a/b', { name: 'abc' }],
  ['pieces that are not all encoded (§4.1)', 'a/b; n*0*=utf-8\'\'%C3; n*1*=%9C; n*2=" %41"', 'a/b', { n: 'Ü %41' }],
  ['a piece that is missing', 'a/b; n*0=a; n*2=c', 'a/b', { n: 'a' }],
  ['a lone percent', "a/b; n*=utf-8''100%", 'a/b', { n: '100%' }],
  ['plain and encoded: the encoded one', "a/b; n=U.pdf; n*=utf-8''%C3%9C.pdf", 'a/b', { n: 'Ü.pdf' }],
  ['given twice: the first', 'a/b; n=1; n=2', 'a/b', { n: '1' }],
  [
    'encoded words, as Outlook writes them',
    'a/b; n="=?utf-8?B?w5xiZXI=?=\t=?utf-8?Q?_mich?="',
    'a/b',
    { n: 'Über mich' },
  ],
  ['an encoded word cut into pieces', 'a/b; n*0="=?utf-8?Q?=C3"; n*1="=9C?="', 'a/b', { n: 'Ü' }],
  ['raw octets', 'a/b; n="\xc3\x9c"; m="\xdc"', 'a/b', { n: 'Ü', m: 'Ü' }],
  [
    'a name like any other',
    'a/b; __proto__=x; constructor=y',
    'a/b',
    Object.fromEntries([
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ]),
  ],
  ['no equals sign, no name', 'a/b; x; =y; ;; *=z', 'a/b', {}],
])('%s', (_, value, main, parameters) => {
  expect(read(value)).toEqual([main, parameters]);
});

test.each<[string, string, boolean]>([
  ['a piece in between', 'a/b; n*0=a; n*2=c', true],
  ['the first', 'a/b; n*1=a; n*2=c', true],
  ['an encoded one', "a/b; n*0*=utf-8''a; n*3*=c", true],
  ['one with a long way to the next', 'a/b; n*0=a; n*123456=c', true],
  ['none', 'a/b; n*1=b; n*0=a; m*0=c', false],
  ['none, one is there twice', 'a/b; n*0=a; n*0=b', false],
  ['some, but the whole is there, too', "a/b; n*0=a; n*2=c; n*=utf-8''abc", false],
])('after a missing piece, the rest is left out: %s', (_, value, torn) => {
  expect(parseParameters(value).torn).toBe(torn);
});
