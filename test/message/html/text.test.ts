import { expect, test } from 'vitest';
import { textOfHtml } from '../../../server/message/html/text.ts';
import { foldWhiteSpace } from '../../../server/message/preview.ts';

const seen = (html: string) => foldWhiteSpace(textOfHtml(html, 1_000_000));

test.each<[string, string, string]>([
  ['text', 'Hello', 'Hello'],
  ['inline tags part no words', '<b>A</b>d<i>a</i>', 'Ada'],
  ['blocks part words', '<td>one</td><td>two</td><p>three<br>four', 'one two three four'],
  ['a title is not text', '<head><title>T</title><meta x></head><body>yes', 'yes'],
  ['text in a head, which ends the head', '<head><meta x>also</head><body>yes', 'also yes'],
  ['a head without an end', '<html><head><title>T</title><body>yes', 'yes'],
  ['a head whose body has no tag of its own', '<head><style>p{}</style><p>yes</p>', 'yes'],
  ['style and script', 'a<style>p { color: red }</style><script>if (1 < 2) alert("</p>")</script>b', 'ab'],
  ['an end tag in capitals', '<STYLE>no</Style >yes', 'yes'],
  ['a script without an end', 'a<script>no', 'a'],
  ['comments', 'a<!-- <b>no</b> -->b', 'ab'],
  ['conditional comments', '<!--[if mso]><p>no</p><![endif]-->yes<![if !mso]>and<![endif]>', 'yesand'],
  ['comments that end at once', '<!-->a<!--->b<!-- --!>c', 'abc'],
  ['bogus comments', 'a<!x>b<?x>c</ x>d</>e', 'abcde'],
  ['templates', 'a<template>no<template>no</template>no</template>b', 'ab'],
  ['frames and their like', 'a<iframe>no</iframe><noframes>no</noframes><noembed>no</noembed>b', 'a b'],
  [
    'what is shown without scripts',
    '<noscript>yes</noscript><textarea>and <b></textarea><xmp><i></xmp>',
    'yes and <b> <i>',
  ],
  ['plain text to the end', 'a<plaintext></plaintext><b>', 'a </plaintext><b>'],
  ['pictures stand for their text', 'a<img alt="Ada&apos;s  shop">b<img src=x><img alt="">', "a Ada's shop b"],
  ['what CSS hides, like a preview text', '<div style="display:none">Your code</div>Hello', 'Your code Hello'],
  ["Outlook's tags", 'a<o:p>b</o:p><st1:city w:st="on">c</st1:city>', 'abc'],
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

test.each<[string, string, string]>([
  ['blocks are lines', '<div>a</div><div>b<div>c</div></div>d', 'a\nb\nc\nd'],
  [
    'paragraphs have an empty line in between',
    '<h1>a</h1>\n<p>b</p>\n\n<p>c<ul><li>d<li>e</ul>',
    'a\n\nb\n\nc\n\nd\ne',
  ],
  ['line breaks', 'a<br>b<br/><br>c<div>d<br></div>e<div><br></div>f', 'a\nb\n\nc\nd\ne\n\nf'],
  ['cells of a row', '<table>\n<tr>\n<td> a </td>\n<td>b</td>\n</tr><tr><th>c<th><th>d</table>', 'a\tb\nc\td'],
  ['line breaks of the source are spaces', 'a\nb \r\n\t c <b> d</b>', 'a b c d'],
  ['those of preformatted text are not', 'x<pre>\na\r\n  b <b>c</b>\n\nd\n</pre>y', 'x\n\na\n  b c\n\nd\n\ny'],
  ['non-breaking spaces stay', 'a&nbsp; b', 'a\u00a0 b'],
  ['buttons beside each other', '<button>Yes</button><button>No</button>', 'Yes No'],
])('the layout: %s', (_, html, text) => {
  expect(textOfHtml(html, 1000)).toBe(text);
});

test('stops at the limit', () => {
  expect(textOfHtml('<p>word</p>'.repeat(100_000), 50)).toHaveLength(50);
  expect(textOfHtml('word '.repeat(100_000), 50)).toHaveLength(50);
});

// If any of these were quadratic, the test would time out.
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
  '<![CDATA[',
  '<svg><![CDATA[',
  '</a x="',
  '</a x',
  '</a ',
  '<script><!--<script></script>',
  '<!-->',
])('one million chars of %s', (unit) => {
  expect(typeof seen(unit.repeat(1_000_000 / unit.length))).toBe('string');
});
