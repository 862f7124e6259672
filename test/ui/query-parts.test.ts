import { expect, test } from 'vitest';
import { partsOf } from '../../ui/src/inbox/search/query-parts.ts';

test.each([
  ['from:shop is:unread', ['from:shop', 'is:unread']],
  ['reset password', ['reset', 'password']],
  ['from:shop  -subject:"two words" ', ['from:shop', '-subject:"two words"']],
  ['header:X-Mailer="a b" /order \\d+/ x', ['header:X-Mailer="a b"', '/order \\d+/', 'x']],
  ['text:"a \\" b" c', ['text:"a \\" b"', 'c']],
  ['"/usr/bin" https://x.test/?a=b', ['"/usr/bin"', 'https://x.test/?a=b']],
  ['from:shop', []],
  ['from:shop OR from:billing', []],
  ['(from:shop) is:unread', []],
  ['a "b', []],
  ['', []],
  ['a b c d e f g', []],
])('%s', (query, parts) => {
  expect(partsOf(query)).toEqual(parts);
});
