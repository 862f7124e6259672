import { describe, expect, test } from 'vitest';
import { asked } from '../../client/query.ts';
import { re2Source } from '../../client/regex.ts';
import { regexFault } from '../../server/message/query/term.ts';

test('text is passed on unchanged', () => {
  expect(asked('from:shop is:unread')).toEqual({ q: 'from:shop is:unread' });
});

test('fields are converted for the API, including regular expressions', () => {
  const where = {
    subject: /reset/i,
    from: 'shop@example.test',
    headers: { 'X-Mailer': /^nodemailer/, 'List-Id': true },
    has: ['link', 'code'],
    read: false,
    pinned: true,
    user: 'worker-3',
  } as const;
  expect(asked(where)).toEqual({
    where: {
      subject: { matches: 'reset' },
      from: 'shop@example.test',
      headers: { 'X-Mailer': { matches: '^nodemailer' }, 'List-Id': true },
      has: ['link', 'code'],
      read: false,
      pinned: true,
      user: 'worker-3',
    },
  });
});

describe('a regular expression in the syntax of the server', () => {
  test.each([
    [/a\/b/, 'a\\/b'],
    [/^\d{6}$/i, '^\\d{6}$'],
    [/gr\u00fc\u00dfe/, 'gr\\x{00fc}\\x{00df}e'],
    [/\\u00fc/, '\\\\u00fc'],
    // biome-ignore lint/correctness/noEmptyCharacterClassInRegex: any character, in the way of JavaScript
    [/a[^]b/, 'a[\\s\\S]b'],
    [/[\]^]/, '[\\]^]'],
    [/(?<year>\d+)/, '(?<year>\\d+)'],
    [/(?:)/, '(?:)'],
  ])('%s', (pattern, source) => {
    expect(re2Source(pattern)).toBe(source);
    expect(regexFault(source)).toBeNull();
  });

  test.each(['g', 'm', 's', 'u', 'y', 'gi'])('has no flag %s', (flags) => {
    expect(() => re2Source(new RegExp('x', flags))).toThrow(/the flag ".*" of \/x\/.* is not supported by the server/);
  });
});
