import fc from 'fast-check';
import { expect, test } from 'vitest';
import { linkify } from '../../ui/src/message/linkify.ts';

const links = (text: string) => linkify(text).flatMap(({ href }) => href ?? []);

test.each([
  ['Open https://shop.test/reset/8f2c now.', ['https://shop.test/reset/8f2c']],
  ['Open https://shop.test/reset/8f2c.', ['https://shop.test/reset/8f2c']],
  ['(see http://x.test/a_(b))', ['http://x.test/a_(b)']],
  ['<https://x.test/?a=1&b=2>', ['https://x.test/?a=1&b=2']],
  ['https://a.test, https://b.test!', ['https://a.test', 'https://b.test']],
  ['Write to mailto:ada@example.org', ['mailto:ada@example.org']],
  ['https://x.test/ä/日本', ['https://x.test/ä/日本']],
  ['javascript:alert(1) data:text/html,x file:///etc/passwd vbscript:x', []],
  ['https:// http://', []],
  ['mailto:nobody', []],
])('%s', (text, expected) => {
  expect(links(text)).toEqual(expected);
});

test('no character is lost or moved, and every link has one of three schemes', () => {
  const piece = fc.oneof(
    fc.string(),
    fc.constantFrom('https://', 'http://x.test', 'javascript:', 'mailto:a@b.c', '(', ')', '.', '\n'),
  );
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const text = pieces.join('');
      const stretches = linkify(text);
      expect(stretches.map((stretch) => stretch.text).join('')).toBe(text);
      for (const { href } of stretches) if (href !== null) expect(href).toMatch(/^(https?:\/\/|mailto:)/i);
    }),
  );
});

test('a megabyte of brackets is fast', () => {
  expect(links(`https://x.test/${')'.repeat(1_000_000)}`)).toEqual(['https://x.test/']);
});
