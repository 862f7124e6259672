import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { regexFault } from '../../server/message/query/term.ts';
import { pointOut } from '../../ui/src/inbox/search/query-error.ts';
import { insertExample, QUERY_HELP } from '../../ui/src/inbox/search/query-help.ts';
import { MailstopError } from '../../wire/errors.ts';
import { FIELDS } from '../../wire/query/fields.ts';
import { parseQuery } from '../../wire/query/text.ts';

/** The server's error for a query; empty for a valid one. */
function complaint(query: string): string {
  try {
    parseQuery(query, regexFault);
    return '';
  } catch (error) {
    if (error instanceof MailstopError) return error.message;
    throw error;
  }
}

/** The query as shown, with the faulty part in square brackets. */
function marked(query: string): string {
  const found = pointOut(query, complaint(query));
  return found === null ? '' : `${found.before}[${found.at}]${found.after}`;
}

describe('the faulty part of a query is marked', () => {
  test.each([
    ['is:red', 'is:[red]'],
    ['from:shop is:red has:link', 'from:shop is:[red] has:link'],
    ['(from:shop OR is:red) has:link', '(from:shop OR is:[red]) has:link'],
    ['from:"ada', 'from:["ada]'],
    ['shop OR', 'shop OR[]'],
    ['shop)', 'shop[)]'],
    ['from:', 'from:[]'],
    ['subject:/(/', 'subject:[/(/]'],
    [`${'a'.repeat(100)} is:red`, `…${'a'.repeat(44)} is:[red]`],
    [`is:red ${'a'.repeat(100)}`, `is:[red] ${'a'.repeat(23)}…`],
    ['is:read', ''],
  ])('%s', (query, expected) => {
    expect(marked(query)).toBe(expected);
  });

  test('the reason is shown without the column', () => {
    const found = pointOut('is:red', complaint('is:red'));
    expect(found).toMatchObject({
      column: 4,
      reason: 'is: must be one of read, unread, pinned, flagged, not "red"; did you mean is:read?',
    });
  });

  test('another error points nowhere', () => {
    expect(pointOut('is:red', 'Something else')).toBeNull();
    expect(pointOut('x', 'q, column 7: of another query')).toBeNull();
    expect(pointOut('x', 'q, column 0: of nothing')).toBeNull();
  });

  test('for any input, an error can be located', () => {
    const piece = fc.oneof(fc.string(), fc.constantFrom('is:', '(', ')', '-', ' OR ', '"', '/', 'larger:', ' '));
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const query = pieces.join('').trim();
        const detail = complaint(query);
        if (detail !== '') expect(pointOut(query, detail)).not.toBeNull();
      }),
    );
  });
});

describe('the search help', () => {
  const examples = QUERY_HELP.flatMap(({ examples }) => examples.map(({ query }) => query));

  test.each(examples)('%s is a query that the server reads', (example) => {
    expect(complaint(example)).toBe('');
  });

  test('shows every field', () => {
    for (const field of Object.keys(FIELDS)) expect(examples.join(' ')).toContain(`${field}:`);
  });

  test.each([
    ['', 'from:shop', 'from:[shop]'],
    ['  ', 'from:shop', 'from:[shop]'],
    ['is:unread ', 'from:shop', 'is:unread from:[shop]'],
    ['', 'text:"best wishes"', 'text:"[best wishes]"'],
    ['', '"reset your password"', '"[reset your password]"'],
    ['', 'subject:/order \\d+/', 'subject:/[order \\d+]/'],
    ['', 'header:X-Mailer=acme', 'header:X-Mailer=[acme]'],
    ['a', 'reset password', 'a [reset password]'],
  ])('behind "%s", %s comes with its value ready to type over', (text, example, expected) => {
    const { text: next, from, to } = insertExample(text, example);
    expect(`${next.slice(0, from)}[${next.slice(from, to)}]${next.slice(to)}`).toBe(expected);
  });
});
