import { describe, expect, test } from 'vitest';
import { parseInBrowser } from '../../../client/mail/html.ts';
import { aMail, attachmentsHold } from '../a-mail.ts';

const octets = new TextEncoder().encode('{"a":[1]}');

const link = (url: string, text: string, source: 'html' | 'text' = 'html') => ({ url, text, source });

describe('link', () => {
  const reset = link('https://shop.test/reset?t=1', 'Choose a password');
  const help = link('https://shop.test/help', 'I did not ask for a reset');

  test('is the one there is, in HTML and text alike', () => {
    const mail = aMail({ links: [reset, link(reset.url, reset.url, 'text')] });
    expect(mail.link()).toBe(reset.url);
  });

  test('is found by its URL first, then by its text', () => {
    const mail = aMail({ links: [help, reset] });
    expect(mail.link(/reset/)).toBe(reset.url);
    expect(mail.link('RESET')).toBe(reset.url);
    expect(mail.link(/did not ask/)).toBe(help.url);
  });

  test('ignores the lastIndex of a regular expression', () => {
    const mail = aMail({ links: [reset] });
    const pattern = /reset/g;
    expect([mail.link(pattern), mail.link(pattern)]).toEqual([reset.url, reset.url]);
  });

  test('of several, none is guessed: the error lists all', () => {
    expect(() => aMail({ links: [reset, help] }).link()).toThrowErrorMatchingInlineSnapshot(`
      [TypeError: Failed to find one link in the mail "Reset": there are 2. Please say which one you mean:
        https://shop.test/reset?t=1  "Choose a password"
        https://shop.test/help  "I did not ask for a reset"]
    `);
    expect(() => aMail({ links: [reset, help] }).link(/verify/)).toThrowErrorMatchingInlineSnapshot(`
      [TypeError: Failed to find a link with /verify/ in the mail "Reset": no link in its HTML matches. Please choose one of these:
        https://shop.test/reset?t=1  "Choose a password"
        https://shop.test/help  "I did not ask for a reset"]
    `);
    expect(() => aMail({}).link(/verify/)).toThrowErrorMatchingInlineSnapshot(
      `[TypeError: Failed to find a link with /verify/ in the mail "Reset": it has none. Please check what was sent.]`,
    );
  });

  const both = {
    html: `<a href="https://shop.test/help">Help</a> <a href="">Choose a <b>password</b></a>
      <a href="javascript:void(0)"><img alt="Logo"></a> <a>Later</a> <a href="/reset">Here</a> <a id="top">x</a>`,
    links: [link('https://shop.test/help', 'Help'), link(reset.url, reset.url, 'text')],
  };

  test('is taken from the HTML if there is HTML; the error names a link that is only in the text', () => {
    expect(aMail(both).link()).toBe('https://shop.test/help');
    expect(() => aMail(both).link(/reset/)).toThrowErrorMatchingInlineSnapshot(`
      [TypeError: Failed to find a link with /reset/ in the mail "Reset": https://shop.test/reset?t=1 is only in the text; the HTML has others. Please check what was sent, or look there with { source: 'text' }:
        https://shop.test/help  "Help"
        "Choose a password" leads nowhere: it has href=""
        "Logo" leads nowhere: it has href="javascript:void(0)"
        "Later" leads nowhere: it has no href
        "Here" leads nowhere: it has href="/reset"]
    `);
    expect(aMail(both).link(/reset/, { source: 'text' })).toBe(reset.url);
    expect(() => aMail(both).link(/help/, { source: 'text' })).toThrowErrorMatchingInlineSnapshot(`
      [TypeError: Failed to find a link with /help/ in the mail "Reset": https://shop.test/help is only in the HTML; the text has others. Please check what was sent, or look there with { source: 'html' }:
        https://shop.test/reset?t=1  "https://shop.test/reset?t=1"]
    `);
    expect(() => aMail({ ...both, links: [] }).link()).toThrowErrorMatchingInlineSnapshot(`
      [TypeError: Failed to find a link in the mail "Reset": its HTML has none. Please check what was sent:
        "Choose a password" leads nowhere: it has href=""
        "Logo" leads nowhere: it has href="javascript:void(0)"
        "Later" leads nowhere: it has no href
        "Here" leads nowhere: it has href="/reset"]
    `);
  });

  test('is taken from the text if there is no HTML', () => {
    expect(aMail({ ...both, html: null }).link(/reset/)).toBe(reset.url);
  });

  test('rejects an empty text', () => {
    expect(() => aMail(both).link('')).toThrow(/every link contains an empty text/);
    // As text these would match some link: the second one as a set of letters.
    expect(() => aMail(both).link(1 as never)).toThrow(/found by a string or a regular expression, got 1\. Please/);
    expect(() => aMail(both).link({ source: 'text' } as never)).toThrow(/regular expression, got an object\. Please/);
  });
});

describe('code', () => {
  const codes = [
    { code: '482913', reason: 'six digits' },
    { code: '20260102', reason: 'eight digits' },
  ];

  test('is the one of which the server is certain', () => {
    expect(aMail({ code: '482913', codes }).code()).toBe('482913');
  });

  test('is not guessed if uncertain: the error lists the candidates', () => {
    expect(() => aMail({ codes }).code()).toThrowErrorMatchingInlineSnapshot(`
      [TypeError: Failed to find the code in the mail "Reset": no candidate is certain. Please pick the right one from "codes":
        482913  six digits
        20260102  eight digits]
    `);
    expect(() => aMail({ subject: null }).code()).toThrowErrorMatchingInlineSnapshot(
      `[TypeError: Failed to find the code in the mail "(no subject)": nothing in it looks like one. Please check what was sent.]`,
    );
  });
});

describe('attachment', () => {
  const file = (index: number, filename: string | null, inline = false) => {
    return { index, filename, contentType: 'application/json', size: 9, contentId: null, inline };
  };

  test('is the only one that is not inline, or the one with that name', async () => {
    const asked: string[] = [];
    const api = attachmentsHold(octets, asked);
    const mail = aMail({ attachments: [file(0, 'logo.png', true), file(1, 'invoice.json')] }, { api });
    expect(mail.attachment().index).toBe(1);
    expect(mail.attachment('logo.png').index).toBe(0);
    expect(mail.attachment(/^inv/).index).toBe(1);
    expect(await mail.attachment().json()).toEqual({ a: [1] });
    expect(await mail.attachment().text()).toBe('{"a":[1]}');
    expect(await mail.attachment().buffer()).toEqual(Buffer.from(octets));
    expect(asked).toEqual(Array(3).fill('/api/messages/01abcdefgh/attachments/1'));
  });

  test('of several, none is guessed: the error lists all', () => {
    const attachments = [file(0, 'logo.png', true), file(1, 'a.json'), file(2, 'b.json'), file(3, null)];
    expect(() => aMail({ attachments }).attachment(/json/)).toThrowErrorMatchingInlineSnapshot(`
      [TypeError: Failed to find one attachment named /json/ in the mail "Reset": there are 2. Please choose one of these:
        logo.png  application/json, 9 octets, inline
        a.json  application/json, 9 octets
        b.json  application/json, 9 octets
        (no name)  application/json, 9 octets]
    `);
    expect(() => aMail({ attachments }).attachment('c.json')).toThrow(
      'named "c.json" in the mail "Reset": there is none',
    );
    expect(() => aMail({}).attachment()).toThrow('Failed to find an attachment in the mail "Reset": it has none.');
  });
});

describe('$', () => {
  const html = `<!doctype html>
    <html><head><title>Invoice</title></head><body>
      <h1 onclick="globalThis.ran = 1">Your <b>invoice</b></h1>
      <ul><li class="item" data-sku="A-1">Tea</li><li class="item">Cake &amp; more</li></ul>
      <script>globalThis.ran = 2</script><img src="http://127.0.0.1:1/" onerror="globalThis.ran = 3">
    </body></html>`;
  const mail = aMail({ html });

  test('is the first element that matches a selector, or null', () => {
    expect(mail.$('.item')?.textContent).toBe('Tea');
    expect(mail.$('body > h1')?.innerHTML).toBe('Your <b>invoice</b>');
    expect(mail.$('li[data-sku]')?.getAttribute('data-sku')).toBe('A-1');
    expect(mail.$('li')?.closest('ul')?.children).toHaveLength(2);
    expect(mail.$('.total')).toBeNull();
  });

  test('$$ has them all, in order', () => {
    expect(mail.$$('.item').map(({ textContent }) => textContent)).toEqual(['Tea', 'Cake & more']);
    expect(mail.$$('.total')).toEqual([]);
  });

  test('runs nothing of the mail', () => {
    expect(mail.$('script')?.textContent).toBe('globalThis.ran = 2');
    expect('ran' in globalThis).toBe(false);
  });

  test.each([
    ['<p>Hi</p><p>there</p>', 'body > p + p', 'there'],
    ['Hi <i>there', 'body > i', 'there'],
    ['<!doctype html>\n<body><i>there</i></body>', 'html > body > i', 'there'],
    ['<HTML><BODY CLASS="x"><I>there</I></BODY></HTML>', 'body.x > i', 'there'],
  ])('finds elements whose tags are implied: %j', (part, selector, text) => {
    expect(aMail({ html: part }).$(selector)?.textContent).toBe(text);
  });

  test('is an error, not null, for a mail without HTML', () => {
    expect(() => aMail({ text: 'hello' }).$('.total')).toThrowErrorMatchingInlineSnapshot(
      `[TypeError: Failed to find ".total" in the mail "Reset": it has no HTML. Please check what was sent; "text" has the plain text.]`,
    );
    expect(aMail({ html: '' }).$('.total')).toBeNull();
  });

  test('rejects an invalid selector', () => {
    expect(() => mail.$('p:::')).toThrowErrorMatchingInlineSnapshot(
      `[TypeError: Failed to find "p:::" in the mail "Reset": that is not a valid selector (Expected name, found :::). Please give a CSS selector like "a.button".]`,
    );
    expect(() => mail.$$('')).toThrow(
      /find "" in the mail "Reset": that is not a valid selector. Please give a CSS selector/,
    );
  });

  test('without a parser, says how to give one', () => {
    const page = aMail({ html }, { parseHtml: parseInBrowser });
    expect(() => page.$('h1')).toThrow(/there is no DOMParser here. Please give connect\(\) a parser: \{ parseHtml/);
  });
});

test('a header field is found by its name in any case; of several, the first', () => {
  const headers = [
    { name: 'Received', value: 'from b' },
    { name: 'received', value: 'from a' },
  ];
  expect(aMail({ headers }).header('RECEIVED')).toBe('from b');
  expect(aMail({ headers }).header('X-Other')).toBeNull();
});

test('printing a mail shows its fields, and no internals', () => {
  const { id, subject, ...rest } = { ...aMail({}) };
  expect([id, subject]).toEqual(['01abcdefgh', 'Reset']);
  expect(Object.keys(rest)).not.toContain('api');
  expect(JSON.parse(JSON.stringify(aMail({}))).seq).toBe(7);
});
