import { expect, test } from 'vitest';
import { textOfHtml } from '../../server/message/html-text.ts';
import { foldWhiteSpace } from '../../server/message/preview.ts';

const seen = (html: string) => foldWhiteSpace(textOfHtml(html, 1_000_000));

test.each<[string, string, string]>([
  ['text', 'Hello', 'Hello'],
  ['inline tags part no words', '<b>A</b>d<i>a</i>', 'Ada'],
  ['blocks part words', '<td>one</td><td>two</td><p>three<br>four', 'one two three four'],
  ['a head is not text', '<head><title>T</title><meta x>no</head><body>yes', 'yes'],
  ['a head without an end', '<html><head><title>T</title><body>yes', 'yes'],
  ['a head whose body has no tag of its own', '<head><style>p{}</style><p>yes</p>', 'yes'],
  ['style and script', 'a<style>p { color: red }</style><script>if (1 < 2) alert("</p>")</script>b', 'a b'],
  ['an end tag in capitals', '<STYLE>no</Style >yes', 'yes'],
  ['a script without an end', 'a<script>no', 'a'],
  ['comments', 'a<!-- <b>no</b> -->b', 'ab'],
  ['conditional comments', '<!--[if mso]><p>no</p><![endif]-->yes<![if !mso]>and<![endif]>', 'yesand'],
  ['a comment without an end', 'a<!-- no', 'a'],
  ['a > in an attribute', '<a title="1 > 0" href=\'>\'>yes</a>', 'yes'],
  ['an attribute without an end', 'a<p title="no>no', 'a'],
  ['an apostrophe that is no quote', "<p don't>it's</p>", "it's"],
  ['a < that is no tag', '1 < 2 and 3<4', '1 < 2 and 3<4'],
  ['doctype', '<!DOCTYPE html><p>yes', 'yes'],
  ['named entities', '&lt;b&gt; &amp;amp; &eacute;&Auml;&szlig; &euro; &hellip; &copy', '<b> &amp; éÄß € … ©'],
  ['numeric entities', '&#65;&#x42;&#128075;&#x1F44B;', 'AB👋👋'],
  ['code points that are none', '&#0;&#xD800;&#x110000;', '\ufffd\ufffd\ufffd'],
  ['unknown entities stay', '&nosuch; & a&b', '&nosuch; & a&b'],
  ['a decoded tag is text', '&lt;script&gt;alert(1)&lt;/script&gt;', '<script>alert(1)</script>'],
])('%s', (_, html, text) => {
  expect(seen(html)).toBe(text);
});

test('stops at the limit', () => {
  expect(textOfHtml('<p>word</p>'.repeat(100_000), 50)).toHaveLength(50);
});

// Were any of these quadratic in the length, the test would not end in time.
test.each([
  '<',
  '<a',
  '<a "',
  '<a ="',
  '<!--',
  '<!',
  '</',
  '<script>',
  '<style></style',
  '<b>',
  '<head>',
  '&',
  '&#',
  '<textarea>a',
])('one million chars of %s', (unit) => {
  expect(typeof seen(unit.repeat(1_000_000 / unit.length))).toBe('string');
});
