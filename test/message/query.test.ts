import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MailstopError } from '../../server/errors.ts';
import { type Candidate, fold, inMailbox, matches, searchableHead } from '../../server/message/matches.ts';
import type { Query } from '../../server/message/query.ts';
import { parseQuery } from '../../server/message/query-text.ts';
import { aSummary } from './a-summary.ts';

const text = (value: string): Query => ({ match: 'text', value });

describe('reading a query', () => {
  const table: readonly [text: string, query: Query][] = [
    ['', { match: 'everything' }],
    ['   ', { match: 'everything' }],
    ['reset', text('reset')],
    ['reset password', { match: 'all', of: [text('reset'), text('password')] }],
    ['"reset your password"', text('reset your password')],
    ['"say \\"hi\\""', text('say "hi"')],
    ['from:shop', { match: 'address', field: 'from', value: 'shop' }],
    ['FROM:shop', { match: 'address', field: 'from', value: 'shop' }],
    ['to:ada@example.org', { match: 'address', field: 'to', value: 'ada@example.org' }],
    ['rcpt:"a b"@x', { match: 'all', of: [{ match: 'address', field: 'rcpt', value: 'a b' }, text('@x')] }],
    ['subject:"your order"', { match: 'subject', value: 'your order' }],
    ['is:unread', { match: 'read', value: false }],
    ['is:READ', { match: 'read', value: true }],
    ['has:attachment', { match: 'attachment' }],
    ['-has:attachment', { match: 'not', of: { match: 'attachment' } }],
    ['-"late fee"', { match: 'not', of: text('late fee') }],
    ['a OR b', { match: 'any', of: [text('a'), text('b')] }],
    ['a b OR c', { match: 'any', of: [{ match: 'all', of: [text('a'), text('b')] }, text('c')] }],
    ['(a OR b) c', { match: 'all', of: [{ match: 'any', of: [text('a'), text('b')] }, text('c')] }],
    ['-(a b)', { match: 'not', of: { match: 'all', of: [text('a'), text('b')] } }],
    ['or', text('or')],
    ['e-mail', text('e-mail')],
    ['-', text('-')],
    ['http://shop.test/x', text('http://shop.test/x')],
    ['12:30', text('12:30')],
  ];
  test.each(table)('%s', (given, query) => {
    expect(parseQuery(given)).toEqual(query);
  });

  const faults: readonly [text: string, error: string][] = [
    ['"never closed', 'q, column 1: the quote that opens here is never closed'],
    ['a subject:"x', 'q, column 11: the quote that opens here is never closed'],
    ['from:', 'q, column 6: from: needs a value, as in from:shop'],
    ['is:red', 'q, column 1: is: knows read and unread, not "red"'],
    ['has:virus', 'q, column 1: has: knows attachment, not "virus"'],
    ['(a', 'q, column 1: the "(" that opens here is never closed'],
    ['a)', 'q, column 2: there is no "(" for this ")"'],
    ['a OR', 'q, column 5: a word, a field or "(" is expected here'],
    ['OR a', 'q, column 1: a word, a field or "(" is expected here'],
    ['()', 'q, column 2: a word, a field or "(" is expected here'],
    ['x'.repeat(4097), 'q, column 4096: a query may have 4096 characters, this one has 4097'],
    ['('.repeat(60), 'q, column 51: nesting may be 50 deep'],
  ];
  test.each(faults)('%s is refused with its column', (given, error) => {
    expect(() => parseQuery(given)).toThrow(new MailstopError('bad-query', error));
  });

  test('any text is either read or refused with a typed error', () => {
    const piece = fc.oneof(fc.constantFrom('(', ')', '-', 'OR', '"', 'from:', 'is:', ' ', '\\'), fc.string());
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        try {
          parseQuery(pieces.join(''));
        } catch (error) {
          expect(error).toBeInstanceOf(MailstopError);
          expect((error as MailstopError).code).toBe('bad-query');
        }
      }),
    );
  });
});

describe('answering a query', () => {
  const summary = aSummary({
    from: { name: 'Straße & Söhne', address: 'no-reply@shop.test' },
    to: [{ name: 'Ada', address: 'Ada@Example.org' }],
    cc: [{ name: '', address: 'team@example.org' }],
    bcc: [{ name: '', address: 'audit@example.org' }],
    subject: 'Reset your password',
    envelope: { from: 'bounce+7@shop.test', to: ['ada@example.org', 'team@example.org', 'audit@example.org'] },
    username: 'worker-3',
    tags: ['billing'],
    attachments: [
      { index: 0, filename: 'logo.png', contentType: 'image/png', size: 1, contentId: 'l', inline: true },
      { index: 1, filename: 'Invoice 7.pdf', contentType: 'application/pdf', size: 1, contentId: null, inline: false },
    ],
  });
  const candidate: Candidate = { summary, head: searchableHead(summary), body: fold('Hello Ada,\nclick the LINK') };

  const table: readonly [query: string, verdict: boolean][] = [
    ['', true],
    ['PASSWORD', true],
    ['link', true],
    ['"reset your"', true],
    ['"password straße"', false],
    ['strasse', false],
    ['STRASSE', false],
    ['söhne', true],
    ['so\u0308hne', true],
    ['from:shop', true],
    ['from:söhne', true],
    ['from:reply@shop.test', false],
    ['from:no-reply@shop.test', true],
    ['to:ada@example.org', true],
    ['to:ada', true],
    ['to:@example.org', true],
    ['to:audit@example.org', false],
    ['bcc:audit@example.org', true],
    ['cc:team', true],
    ['rcpt:audit@example.org', true],
    ['rcpt:bounce+7@shop.test', false],
    ['subject:reset', true],
    ['subject:ada', false],
    ['user:WORKER-3', true],
    ['user:worker', false],
    ['tag:billing', true],
    ['tag:bill', false],
    ['is:unread', true],
    ['is:read', false],
    ['has:attachment', true],
    ['filename:invoice', true],
    ['"invoice 7.pdf"', true],
    ['-password', false],
    ['-nothing', true],
    ['nothing OR link', true],
    ['-(nothing link)', true],
    [`id:${summary.id}`, true],
    ['id:another-id', false],
  ];
  test.each(table)('%s is %s', (query, verdict) => {
    expect(matches(parseQuery(query), candidate)).toBe(verdict);
  });

  test('a body that is not parsed yet only matters when the answer hangs on it', () => {
    const early = { ...candidate, body: null, summary: { ...summary, attachments: null } };
    expect(matches(parseQuery('password'), early)).toBe(true);
    expect(matches(parseQuery('link'), early)).toBe('unknown');
    expect(matches(parseQuery('-link'), early)).toBe('unknown');
    expect(matches(parseQuery('has:attachment'), early)).toBe('unknown');
    expect(matches(parseQuery('is:read link'), early)).toBe(false);
    expect(matches(parseQuery('is:unread OR link'), early)).toBe(true);
    expect(matches(parseQuery('is:read OR link'), early)).toBe('unknown');
  });
});

describe('the mailbox that a login name opens', () => {
  const mail = aSummary({ envelope: { from: '', to: ['Ada@Example.org', 'bob+tag@x.test'] }, username: 'worker-3' });
  const table: readonly [name: string, opens: boolean][] = [
    ['all', true],
    ['*', true],
    ['ada@example.org', true],
    ['ADA@EXAMPLE.ORG', true],
    ['ada', true],
    ['ada@example', false],
    ['ad', false],
    ['example.org', false],
    ['bob', false],
    ['bob+tag', true],
    ['bob+tag@x.test', true],
    ['worker-3', true],
    ['worker', false],
    ['', false],
  ];
  test.each(table)('"%s": %s', (name, opens) => {
    expect(inMailbox(name, mail)).toBe(opens);
  });
});
