import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { masked } from '../../../client/matchers/mask.ts';

const mask = (text: string, changing: Partial<Parameters<typeof masked>[1]> = {}) =>
  masked(text, { codes: [], contentIds: [], mask: [], ...changing });

describe('in URLs', () => {
  test.each([
    ['https://shop.test/reset?token=4f9a2c', 'https://shop.test/reset?token=<token>'],
    [
      'https://shop.test/reset?a=1&amp;resetToken=abc&amp;b=2',
      'https://shop.test/reset?a=1&amp;resetToken=<token>&amp;b=2',
    ],
    ['https://shop.test/users/7/orders/10443', 'https://shop.test/users/<token>/orders/<token>'],
    ['https://shop.test/?user_id=7&orderId=9&page=2', 'https://shop.test/?user_id=<token>&orderId=<token>&page=2'],
    ['https://shop.test/?t=1767323045123', 'https://shop.test/?t=<token>'],
    ['https://shop.test/#/verify/4f9a2c8d?sig=x&lang=de', 'https://shop.test/#/verify/<token>?sig=<token>&lang=de'],
    ['https://shop.test/cb#access_token=abc&type=x', 'https://shop.test/cb#access_token=<token>&type=x'],
    [
      'http://localhost:41873/reset and http://127.0.0.1:8080',
      'http://localhost:<port>/reset and http://127.0.0.1:<port>',
    ],
    ['https://cdn.test/logo-4f9a2c8d1e.png', 'https://cdn.test/<token>'],
    ['Go to https://shop.test/r/4f9a2c8d, please.', 'Go to https://shop.test/r/<token>, please.'],
    ['<a href="https://shop.test/r/4f9a2c8d">', '<a href="https://shop.test/r/<token>">'],
  ])('%s', (url, expected) => {
    expect(mask(url)).toBe(expected);
  });

  test.each([
    'https://shop.test/how-to-reset-your-password?utm_source=newsletter&lang=en-GB',
    'https://shop.test/resetYourPassword/oauth2/product2024/v1.2',
    'https://shop.test/Spring-Sale-2026/index.html#top',
    'https://shop.test/search?q=green%20tea&size=300&sort=price',
    'https://shop.test:8443/terms',
  ])('%s stays', (url) => {
    expect(mask(url)).toBe(url);
  });

  const base64url = fc
    .noBias(fc.uint8Array({ minLength: 16, maxLength: 48, size: 'max' }))
    .map((octets) => Buffer.from(octets).toString('base64url'));
  test.each([
    ['a UUID', fc.uuid()],
    ['32 hexadecimal digits', fc.stringMatching(/^[0-9a-f]{32}$/)],
    ['a ULID', fc.ulid()],
    ['base64url', base64url],
  ])('%s is never left', (_, token) => {
    fc.assert(
      fc.property(token, (one) => {
        expect(mask(`https://shop.test/verify/${one}`)).toBe('https://shop.test/verify/<token>');
        expect(mask(`https://shop.test/verify?v=${one}&lang=en`)).toBe('https://shop.test/verify?v=<token>&lang=en');
      }),
      { seed: 7, numRuns: 300 },
    );
  });

  test('a JWT is never left', () => {
    fc.assert(
      fc.property(fc.tuple(base64url, base64url, base64url), (parts) => {
        expect(mask(`https://shop.test/${parts.map((part) => `eyJ${part}`).join('.')}/`)).toBe(
          'https://shop.test/<token>/',
        );
      }),
      { seed: 7, numRuns: 300 },
    );
  });
});

describe('in texts', () => {
  test.each([
    '2026-01-02',
    '2026-01-02T03:04:05.678Z',
    '2026-01-02 03:04:05+01:00',
    'Fri, 02 Jan 2026 03:04:05 +0000',
    'Fri, 2 Jan 2026 03:04:05 +0000 (UTC)',
    'January 2, 2026',
    'Friday, January 2nd, 2026 at 3:04 PM',
    '2 Jan 2026, 15:04 UTC',
    '1/2/2026',
    '02.01.2026',
  ])('the date %s', (date) => {
    expect(mask(`Sent on ${date} to you`)).toBe('Sent on <date> to you');
  });

  test.each([
    'from 9:00 to 17:00',
    'version 1.2.2026a',
    '10/20 of 2026',
    'May I ask',
    'room 2026',
    '#482913',
    '1.234,00',
  ])('%s is no date and stays', (text) => {
    expect(mask(text)).toBe(text);
  });

  test('of generated addresses the name stays; other addresses stay whole', () => {
    expect(mask('ada-k3v9x0q2um@mailstop.test, https://x.test/?email=ada-k3v9x0q2um%40mailstop.test')).toBe(
      'ada-<random>@mailstop.test, https://x.test/?email=ada-<random>%40mailstop.test',
    );
    expect(mask('ada-k3v9x0q2wm@example.test')).toBe('ada-k3v9x0q2wm@example.test');
  });

  test('codes, however they are grouped', () => {
    const cells = '<td>482913</td><td>482 913</td><b>4</b><b>8</b><b>2</b>&nbsp;<b>9</b><b>1</b><b>3</b>';
    expect(mask(cells, { codes: ['482913'] })).toBe('<td><code></td><td><code></td><b><code></b>');
    expect(mask('1482913, #482913 and 4829130', { codes: ['482913'] })).toBe('1482913, #482913 and 4829130');
    expect(mask('a+b(c', { codes: ['a+b(c'] })).toBe('<code>');
  });

  test('ids and long hexadecimal numbers', () => {
    expect(mask('Order 7b1c7e9e-3b0d-4f7a-9a55-0a1b2c3d4e5f')).toBe('Order <id>');
    expect(mask('request 01ARZ3NDEKTSV4RRFFQ69G5FAV, sum 9f86d081884c7d659a2feaa0c55ad015')).toBe(
      'request <id>, sum <token>',
    );
  });

  test('the year of a copyright', () => {
    expect(mask('© 2024-2026 Shop, &copy; 2026')).toBe('© <year> Shop, &copy; <year>');
  });

  test('Content-IDs by the position of the part', () => {
    expect(mask('<img src="cid:x$1@n.test">', { contentIds: [null, 'x$1@n.test'] })).toBe('<img src="cid:<part-2>">');
  });

  test('what the test passes in', () => {
    const text = 'Order A-17 of $5, order A-18';
    expect(mask(text, { mask: [/A-\d+/, '$5'] })).toBe('Order <masked> of <masked>, order <masked>');
    const global = /A-\d+/g;
    expect(mask(text, { mask: [global] })).toBe(mask(text, { mask: [global] }));
  });

  test('all line ends are the same', () => {
    expect(mask('a\r\nb\rc\n')).toBe('a\nb\nc\n');
  });
});
