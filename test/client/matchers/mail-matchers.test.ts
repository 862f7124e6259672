import { describe, expect, test } from 'vitest';
import type { Mail } from '../../../client/index.ts';
import * as matchers from '../../../client/matchers/mail-matchers.ts';
import type { MatcherContext } from '../../../client/matchers/result.ts';
import { aMail, attachmentsHold } from '../a-mail.ts';

const { toHaveAttachment } = matchers;
type LinkArguments = Parameters<typeof matchers.toHaveLink>;
/** Calls it like a framework. */
const toHaveLink = (...args: LinkArguments) => matchers.toHaveLink.call({}, ...args);
const notToHaveLink = (...args: LinkArguments) => matchers.toHaveLink.call({ isNot: true } as MatcherContext, ...args);

const link = (url: string, text: string, source: 'html' | 'text' = 'html') => ({ url, text, source });
const file = (
  index: number,
  filename: string | null,
  rest: { contentType?: string; size?: number; inline?: boolean } = {},
) => {
  return { index, filename, contentType: 'text/csv', size: 14, contentId: null, inline: false, ...rest };
};

describe('toHaveLink', () => {
  const mail = aMail({
    links: [link('https://shop.test/reset?t=1', 'Choose a password'), link('https://shop.test/help', 'I did not ask')],
  });

  test.each([undefined, /reset\?t=\d/, 'SHOP.TEST/RESET', /did not/, 'https://shop.test/help'])(
    'holds for %s',
    (pattern) => {
      expect(toHaveLink(mail, pattern).pass).toBe(true);
    },
  );

  test('reports the existing links', () => {
    expect(toHaveLink(mail, /verify/)).toMatchObject({ pass: false });
    expect(toHaveLink(mail, /verify/).message()).toMatchInlineSnapshot(`
      "Expected the mail "Reset" to have a link with /verify/.

      Its links in the HTML (2):
           https://shop.test/reset?t=1  "Choose a password"
           https://shop.test/help       "I did not ask""
    `);
    expect(toHaveLink(aMail({ preview: 'Hello Ada, welcome.' })).message()).toMatchInlineSnapshot(`
      "Expected the mail "Reset" to have a link.

      It has no links.
      It begins with "Hello Ada, welcome.""
    `);
  });

  test('with .not, it marks the matching ones', () => {
    expect(notToHaveLink(mail, 'reset').message()).toMatchInlineSnapshot(`
      "Expected the mail "Reset" to have no link with "reset".

      Its links (2; * matches):
        *  https://shop.test/reset?t=1  "Choose a password"
           https://shop.test/help       "I did not ask""
    `);
  });

  const both = {
    html: '<h1>Hello</h1><a href="#">Choose a password</a> <a href="https://shop.test/help">I did not ask</a>',
    links: [
      link('https://shop.test/help', 'I did not ask'),
      link('https://shop.test/reset?t=1', 'https://shop.test/reset?t=1', 'text'),
    ],
  };

  test('looks only in the HTML if there is HTML: a link in the text does not make up for a dead button', () => {
    expect(toHaveLink(aMail(both), 'help').pass).toBe(true);
    const failed = toHaveLink(aMail(both), /reset/);
    expect(failed.pass).toBe(false);
    expect(failed.message()).toMatchInlineSnapshot(`
      "Expected the mail "Reset" to have a link with /reset/.

      Its links in the HTML (1):
           https://shop.test/help  "I did not ask"

      Only the text has it: https://shop.test/reset?t=1
      To look there: { source: 'text' }

      "Choose a password" leads nowhere: it has href="#""
    `);
    expect(toHaveLink(aMail({ ...both, html: null }), /reset/).pass).toBe(true);
  });

  test('looks in the given source', () => {
    expect(toHaveLink(aMail(both), /reset/, { source: 'text' }).pass).toBe(true);
    expect(toHaveLink(aMail(both), { source: 'text' }).pass).toBe(true);
    expect(toHaveLink(aMail(both), /help/, { source: 'text' }).message()).toMatchInlineSnapshot(`
      "Expected the mail "Reset" to have a link in its text with /help/.

      Its links in the text (1):
           https://shop.test/reset?t=1  "https://shop.test/reset?t=1"

      Only the HTML has it: https://shop.test/help
      To look there: { source: 'html' }"
    `);
    expect(() => toHaveLink(aMail(both), /help/, { part: 'text' } as never)).toThrow(
      '"part" is not an option of toHaveLink. Please use source.',
    );
  });

  test('with .not, it looks in both sources', () => {
    expect(notToHaveLink(aMail(both), /unsubscribe/).pass).toBe(false);
    const failed = notToHaveLink(aMail(both), /reset/);
    expect(failed.pass).toBe(true);
    expect(failed.message()).toMatchInlineSnapshot(`
      "Expected the mail "Reset" to have no link with /reset/.

      Its links (2; * matches):
           https://shop.test/help       "I did not ask"
        *  https://shop.test/reset?t=1  "https://shop.test/reset?t=1"  in the text"
    `);
    expect(notToHaveLink(aMail(both), /reset/, { source: 'html' }).pass).toBe(false);
  });

  test('rejects an empty text, which every link contains', () => {
    expect(() => toHaveLink(aMail(both), '')).toThrow(/every link contains an empty text. Please leave it out/);
  });

  test.each([7, null, true, {}, new URL('https://shop.test/reset')])(
    'rejects %s: not a string or an expression',
    (pattern) => {
      expect(() => toHaveLink(aMail(both), pattern as never)).toThrow(
        /^Failed to look for a link: a link is found by a string or a regular expression, got (?:7|null|true|an object)\. Please/,
      );
    },
  );

  test('does not list hundreds of links', () => {
    const links = Array.from({ length: 500 }, (_, i) => link(`https://shop.test/${i}`, String(i)));
    const report = toHaveLink(aMail({ links }), 'nothing').message();
    expect(report.split('\n')).toHaveLength(54);
    expect(report).toMatch(/\n {5}\.\.\. and 450 more$/);
  });

  test('keeps mail content on its line, and escapes control characters', () => {
    const evil = aMail({ subject: 'a\r\nb\u001b[31m\u202e', links: [link('https://x.test/\u001b[2J', 'one\ntwo')] });
    const report = toHaveLink(evil, 'nothing').message();
    expect(report.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
    expect(report).toContain(String.raw`"a\r\nb\u001b[31m\u202e"`);
    expect(report.split('\n')).toHaveLength(4);
  });

  test.each([
    [
      Promise.resolve(mail),
      /a promise, which was not awaited, is not a mail. Please give expect\(\) what mailbox.waitFor/,
    ],
    [[mail], /a list is not a mail/],
    [null, /null is not a mail/],
  ])('refuses %o', (received, why) => {
    expect(() => toHaveLink(received as unknown as Mail)).toThrow(why);
  });
});

describe('toHaveAttachment', () => {
  const csv = new TextEncoder().encode('id,total\n1,42\n');
  const attachments = [
    file(0, 'logo.png', { contentType: 'image/png', size: 900, inline: true }),
    file(1, 'invoice.csv'),
    file(2, 'terms.pdf', { contentType: 'application/pdf', size: 5000 }),
  ];
  const mail = aMail({ subject: 'Your invoice', attachments }, { api: attachmentsHold(csv) });

  test.each([
    undefined,
    'invoice.csv',
    'logo.png',
    /\.PDF$/i,
    { contentType: 'Application/PDF' },
    { contentType: /^image/, size: { min: 1, max: 900 } },
    { filename: 'invoice.csv', contentType: 'text/csv', size: 14 },
  ])('holds for %j', (expected) => {
    expect(toHaveAttachment(mail, expected)).toMatchObject({ pass: true });
  });

  test.each([
    { content: 'id,total\n1,42\n' },
    { filename: /csv/, content: /^1,42$/m },
    { content: csv },
    { content: Buffer.from(csv) },
  ])('reads the content of attachments that match otherwise: %j', async (expected) => {
    expect(await toHaveAttachment(mail, expected)).toMatchObject({ pass: true });
  });

  test('without a name, an inline part does not count', () => {
    expect(toHaveAttachment(aMail({ attachments: attachments.slice(0, 1) }))).toMatchObject({ pass: false });
  });

  test('reads no more attachments than needed', async () => {
    const asked: string[] = [];
    const counted = aMail({ attachments }, { api: attachmentsHold(csv, asked) });
    await toHaveAttachment(counted, { filename: 'invoice.csv', content: 'x' });
    expect(asked).toEqual(['/api/messages/01abcdefgh/attachments/1']);
    expect(toHaveAttachment(counted, 'x')).toMatchObject({ pass: false });
    expect(asked).toHaveLength(1);
  });

  const report = async (expected?: Parameters<typeof toHaveAttachment>[1]) => {
    return (await toHaveAttachment(mail, expected)).message();
  };

  test('reports the attachments, and why the nearest does not match', async () => {
    expect(
      await report({ filename: 'invoice.pdf', contentType: 'application/pdf', size: { max: 100 } }),
    ).toMatchInlineSnapshot(`
      "Expected the mail "Your invoice" to have an attachment with filename "invoice.pdf" and content type "application/pdf" and size at most 100 octets.

      Its attachments (3):
           logo.png     image/png        900 octets, inline
           invoice.csv  text/csv         14 octets
           terms.pdf    application/pdf  5000 octets

      Nearest: "invoice.csv"
        filename:      expected "invoice.pdf",      was "invoice.csv"
        content type:  expected "application/pdf",  was "text/csv""
    `);
    expect(await report({ content: 'id,total\n1,43\n' })).toMatchInlineSnapshot(`
      "Expected the mail "Your invoice" to have an attachment with content "id,total\\n1,43\\n".

      Its attachments (3):
           logo.png     image/png        900 octets, inline
           invoice.csv  text/csv         14 octets
           terms.pdf    application/pdf  5000 octets

      Nearest: "logo.png"
        content:  expected "id,total\\n1,43\\n",  was "id,total\\n1,42\\n""
    `);
    expect(await report({ filename: /csv/, content: new Uint8Array(14) })).toMatchInlineSnapshot(`
      "Expected the mail "Your invoice" to have an attachment with filename /csv/ and content 14 octets.

      Its attachments (3):
           logo.png     image/png        900 octets, inline
           invoice.csv  text/csv         14 octets
           terms.pdf    application/pdf  5000 octets

      Nearest: "invoice.csv"
        content:  expected 14 octets,  was 14 octets that differ from octet 0 on"
    `);
    expect(toHaveAttachment(aMail({}), 'a.csv')).toMatchObject({ pass: false });
    const { message } = await toHaveAttachment(aMail({}), 'a.csv');
    expect(message()).toMatchInlineSnapshot(`
      "Expected the mail "Reset" to have an attachment with filename "a.csv".

      It has no attachments."
    `);
  });

  test('shows where a long content differs', async () => {
    const [long, other] = [`${'a'.repeat(5000)}b${'a'.repeat(5000)}`, 'a'.repeat(10_001)];
    const source = { api: attachmentsHold(new TextEncoder().encode(long)) };
    const { message } = await toHaveAttachment(aMail({ attachments: [file(0, 'a')] }, source), {
      filename: 'a',
      content: other,
    });
    expect(message().split('\n').at(-1)).toMatch(/was \.\.\."a{50}ba{49}"\.\.\.$/);
  });

  test('with .not, it marks the matching ones', async () => {
    expect(await report(/csv|pdf/)).toMatchInlineSnapshot(`
      "Expected the mail "Your invoice" to have no attachment with filename /csv|pdf/.

      Its attachments (3; * matches):
           logo.png     image/png        900 octets, inline
        *  invoice.csv  text/csv         14 octets
        *  terms.pdf    application/pdf  5000 octets"
    `);
  });

  test.each([
    [{ name: 'a' }, /an attachment test has no "name". Please use filename, contentType, size and content/],
    [{ filename: undefined }, /"filename" is undefined. Please give a value or leave it out/],
  ])('refuses %j', (expected, why) => {
    expect(() => toHaveAttachment(mail, expected as never)).toThrow(why);
  });
});
