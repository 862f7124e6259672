import { expect, test } from 'vitest';
import { shownInHtml } from '../../../server/message/html/hidden.ts';
import { textOfHtml, textOfPieces } from '../../../server/message/html/text.ts';

const shown = (html: string) => textOfPieces(shownInHtml(html), 1_000_000).replace(/\s+/g, ' ');

const HIDING = [
  'hidden',
  'hidden="until-found"',
  'style="display:none"',
  'style="color:red; DISPLAY : NONE !important"',
  'style="visibility:hidden"',
  'style="font-size:0"',
  'style="font-size:0.0px"',
  'style="font:0/0 a"',
  'style="max-height:0;overflow:hidden"',
  'style="height:0px;overflow:hidden"',
  'style="width:0;overflow: clip"',
  'style="display:none ! important"',
  'style="display:/**/none"',
  'style="/* ; */ display:none/* open"',
  'style="d\\69splay:n\\6f ne"',
  'style="display:n&#111;ne"',
  'style="display:none!important;display:block"',
  'style="display:none;display:foo"',
  'style="font-size:12px;font:bold 0/0 a"',
  'style="font:700 0/1 a"',
  'style="opacity:-1"',
  'style="opacity:0"',
  'style="opacity: 0%"',
];

test.each(HIDING)('an element with %s is hidden', (attribute) => {
  expect(shown(`a<p ${attribute}>no<b>no</b><img alt="no"></p>b`)).toBe('a b');
  expect(shown(`a<div ${attribute}>no<div>no</div>no</div>b`)).toBe('a b');
  expect(shown(`a<img alt="no" ${attribute}>b`)).toBe('ab');
});

test.each<[string, string, string]>([
  ['an ordinary look', '<p style="display:block;opacity:.5;max-height:0;font-size:12px">yes</p>', 'yes'],
  ['a height of nothing that overflows', '<p style="height:0">yes</p>', 'yes'],
  ['the last of two declarations counts', '<p style="display:none;display:block">yes</p>', 'yes'],
  ['a style says more than hidden', '<p hidden style="display:block">yes</p>', 'yes'],
  ['columns between which there is no space', '<td style="font-size:0"><p style="font-size:13px">yes</p></td>', 'yes'],
  ['a part of no size is no size', '<div style="font-size:0"><p style="font-size:2em">no</p></div>', ''],
  [
    'what is visible in what is not',
    '<p style="visibility:hidden">no<b style="visibility:visible">yes</b>no</p>',
    'yes',
  ],
  ['nothing is visible where nothing is laid out', '<p hidden>no<b style="visibility:visible">no</b></p>', ''],
  ['a paragraph ends at the next', '<p hidden>no<p>yes', 'yes'],
  ['a cell ends at the next', '<table><tr><td hidden>no<td>yes</table>', 'yes'],
  ['a row ends at the next', '<table><tr hidden><td>no<tr><td>yes</table>', 'yes'],
  ['a list item ends at the next', '<ul><li hidden>no<li>yes</ul>', 'yes'],
  ['an inner list is in its item', '<ul><li hidden>no<ul><li>no</ul>no</ul>yes', 'yes'],
  ['an element ends with the one around it', '<div><span hidden>no</div>yes', 'yes'],
  ['a stray end tag ends nothing', '<div hidden>no</span></section>no</div>yes', 'yes'],
  ['an inline end tag does not end a block', '<span><div hidden>no</span>no</div>yes', 'yes'],
  ['mso-hide counts in Outlook only', '<a style="mso-hide:all">yes</a>', 'yes'],
  ['a string is no declaration', `<p style="font-family:'a;display:none'">yes</p>`, 'yes'],
  ['nor is a URL', '<p style="background:url(data:a;display:none;)">yes</p>', 'yes'],
  ['a value that there is not is ignored', '<p style="display:block;display:nonsense none">yes</p>', 'yes'],
  ['visibility as around', '<p style="visibility:inherit">yes</p>', 'yes'],
  ['details are folded, but not their summary', '<details>no<summary>a <b>b</b></summary>no</details>yes', 'a b yes'],
  ['a second summary', '<details><summary>a</summary><summary>no</summary></details>yes', 'a yes'],
  ['details in details', '<details>no<details><summary>no</summary></details></details>yes', 'yes'],
  ['open details', '<details open><summary>a</summary>b</details>yes', 'a b yes'],
  ['a dialog', '<dialog>no</dialog><dialog open>yes</dialog>', 'yes'],
  ['a list of suggestions', '<datalist><option>no</datalist>yes', 'yes'],
  ['a list to choose from', '<select hidden><option>no</select>yes', 'yes'],
  ['a template', '<template>no</template>yes', 'yes'],
  ['SVG that ends at once', '<svg style="display:none"/>yes', 'yes'],
  ['a shape that ends at once', '<svg><g style="display:none"/><text>yes</text></svg>', 'yes'],
  ['a slash means nothing in HTML', '<div style="display:none"/>no</div>yes', 'yes'],
  ['a formatting element ends inside a block', '<font style="display:none">no<p>no</font>yes</p>yes', 'yes yes'],
  ['but what a block hides stays hidden', '<font>a<p hidden>no</font>no</p>yes', 'a yes'],
  ['and it does not end from a cell', '<b hidden><table><td>no</b>no</table></b>yes', 'yes'],
  ['what has no end does not hide the rest', '<br hidden>yes<input hidden>yes', 'yes yes'],
])('%s', (_, html, text) => {
  expect(shown(html).trim()).toBe(text);
});

const SHEETS = [
  '.x{display:none}',
  'p.x, div.x, img.x { DISPLAY: none }',
  '#y{visibility:hidden}',
  'p#y,div#y,img#y{opacity:0}',
  'p,div,img{font-size:0}',
  '/* {} */ .a{color:red} .x{/* ; */display:none;}',
  '@import "a.css"; @font-face{font-family:a} @media (max-width:9px){.x{display:block}} .x{display:none}',
  '@media screen{.x{display:none}}',
  '@charset "utf-8";.x{display:none}',
  '<!-- .x{display:none} -->',
  '.a:hover,.x{display:none}',
  '.q{content:"}"} .x{display:none}',
  '.x{display:none} p,div,img{display:block}',
  '.x{display:none!important} #y{display:block}',
  '.x{display:none;& b{display:block}}',
];

test.each(SHEETS)('a style sheet rule hides: %s', (css) => {
  const html = (name: string) =>
    `<head><style>${css}</style></head>a<${name} class="a x b" id=y>no<b>no</b></${name}>b`;
  expect(shown(html('p'))).toBe('a b');
  expect(shown(html('div'))).toBe('a b');
  expect(shown(`<style>${css}</style>a<img alt="no" class="a x" id="y">b`)).toBe('ab');
  // A sheet counts wherever it is.
  expect(shown(`a<p class=x id=y>no</p>b<style media="screen">${css}</style>`)).toBe('a b');
});

test.each([
  '.xx{display:none}',
  'section .x{display:none}',
  'section>p{display:none}',
  '.x:hover{display:none}',
  'p:not(.a,.x,.b){display:none}',
  'p[class~=y],.z{display:none}',
  '@media (max-width:600px){.x{display:none}}',
  '@media print{.x{display:none}}',
  '@supports (a:b){@media screen{.x{display:none}}}',
  '.a{.x{display:none}}',
  '.a{color:red;&.c{top:0;display:none;left:0}}',
  '.x{display:none} .x{display:block}',
  '.x{display:none} p.x{display:block}',
  'p.x{display:none} #y{display:block}',
  '#y{display:none} .x{display:block!important}',
  '.x{display:block!important;display:none}',
  '/* .x{display:none} */',
  '.q{content:".x{display:none}"}',
  'display:none',
])('a rule that does not apply hides nothing: %s', (css) => {
  const p = '<p class="a x" id="y">yes</p>';
  expect(shown(`<style>${css}</style>${p}`).trim()).toBe('yes');
});

test.each<[string, string]>([
  ['for paper', '<style media=print>.x{display:none}</style>'],
  ['for small screens', '<style media="screen and (max-width:600px)">.x{display:none}</style>'],
  ['for Outlook', '<!--[if mso]><style>.x{display:none}</style><![endif]-->'],
  ['that is text', '<textarea hidden><style>.x{display:none}</style></textarea>'],
])('a style sheet %s hides nothing', (_, sheet) => {
  expect(shown(`${sheet}<p class=x>yes</p>`).trim()).toBe('yes');
});

test('inline styles win over rules', () => {
  const sheet = '<style>.x{display:none}.y{display:none!important}</style>';
  expect(shown(`${sheet}<p class=x style="display:block">yes</p>`).trim()).toBe('yes');
  expect(shown(`${sheet}<p class=y style="display:block">no</p>`).trim()).toBe('');
  expect(shown('<style>.x{display:block}</style><p class=x hidden>yes</p>').trim()).toBe('yes');
  expect(shown('<style>p{display:none}</style><p style="display:block">yes').trim()).toBe('yes');
});

test.each<[string, string, string]>([
  ['in one style', '<p style="color:#fff;background:white">no</p>', ''],
  ['in two ways to write it', '<p style="color:rgb(255, 255, 255);background-color:#FFFFFFff">no</p>', ''],
  ['of the element around', '<div style="background:#eee url()"><p style="color:#eee">yes</p></div>', 'yes'],
  ['of a plain element around', '<div style="background:#eee"><p style="color:#eeeeee">no</p></div>', ''],
  ['of old attributes', '<table bgcolor=ffffff><td><font color="#ffffff">no</font></td></table>', ''],
  ['of a rule', '<style>.x{color:#000}body{background:#000}</style><body><p class=x>no', ''],
  ['another colour', '<p style="color:#fff;background:#fffffe">yes</p>', 'yes'],
  ['a button', '<td bgcolor="#ffffff"><a href=a style="background:#06c;color:#fff">yes</a></td>', 'yes'],
  ['a link has a colour of its own', '<p style="background:#fff;color:#fff"><a href=a>yes</a></p>', 'yes'],
  ['a picture may be behind it', '<p style="color:#fff;background:#fff url(dark.png)">yes</p>', 'yes'],
  ['so may a shade', '<p style="color:#fff;background:linear-gradient(#000,#111) #fff">yes</p>', 'yes'],
  ['the ground can be seen through', '<p style="color:#fff;background:rgba(255,255,255,.1)">yes</p>', 'yes'],
  ['the ground is not known', '<p style="color:#fff">yes</p>', 'yes'],
  ['back to a colour that is seen', '<p style="color:#fff;background:#fff">no<b style="color:#000">yes</b></p>', 'yes'],
  ['an attribute is no style', '<p bgcolor="#fff;display:none">yes</p>', 'yes'],
])('text in the colour of its background: %s', (_, html, text) => {
  expect(shown(html).trim()).toBe(text);
});

test('text and search keep what is hidden', () => {
  expect(textOfHtml('<p hidden>kept</p>', 100)).toBe('kept');
});

// If any of these were quadratic, the test would time out.
test.each([
  '<div hidden>',
  '<p hidden>',
  '<span hidden>',
  '</div>',
  '<div hidden><span></b>',
  '<b></span><div>',
  '<td hidden>x',
  '<font hidden><div></font>',
  '<details><summary>',
  '<a style="/*\'(\\\\',
  '<a style="opacity:0;',
  '<a style="font:0 0 0 0 0 ',
  '<style>.a{display:none}</style><p class=a>',
  '<p class="a b" id=c bgcolor=d>',
])('takes linear time: %s', (piece) => {
  expect(shown(`<span>${piece.repeat(2_000_000 / piece.length)}`).length).toBeGreaterThanOrEqual(0);
});

test.each(['.a{display:none}', '.a,', '.a,.b{display:none;', '{', '}', '@media x{', '.a{b:"', '.a{b:\\', '/*', ';'])(
  'so does a style sheet: %s',
  (piece) => {
    const html = `<style>${piece.repeat(1_000_000 / piece.length)}</style>${'<p class="a b">x'.repeat(60_000)}`;
    expect(shown(html).length).toBeGreaterThanOrEqual(0);
  },
);
