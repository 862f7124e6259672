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

test.each(HIDING)('nobody sees what is in an element with %s', (attribute) => {
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

test('text and search keep what is hidden', () => {
  expect(textOfHtml('<p hidden>kept</p>', 100)).toBe('kept');
});

// Were any of these quadratic in the length, the test would not end in time.
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
])('takes time in proportion to the length: %s', (piece) => {
  expect(shown(`<span>${piece.repeat(2_000_000 / piece.length)}`).length).toBeGreaterThanOrEqual(0);
});
