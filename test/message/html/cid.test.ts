import { expect, test } from 'vitest';
import { cidsOf } from '../../../server/message/html/cid.ts';
import { mailPage } from '../../../server/message/html/page.ts';

const parts = new Map([
  ['logo@x', '/0'],
  ['b$ (1)@x', '/1'],
  ['a&b', '/2'],
  ['Case@x', '/3'],
]);

function shown(html: string): string {
  const page = [...mailPage(html, { find: (cid) => parts.get(cid), remote: false })].join('');
  return page.slice(page.indexOf('_blank">') + '_blank">'.length);
}

test.each<[string, string, string]>([
  ['in quotes', '<img src="cid:logo@x"><IMG SRC=\'CID:logo@x\'>', '<img src="/0"><IMG SRC=\'/0\'>'],
  ['without quotes', '<td background=cid:logo@x>', '<td background=/0>'],
  ['with spaces around it', '<img src=" cid:logo@x\n" alt>', '<img src="/0" alt>'],
  ['percent-encoded (RFC 2392)', '<img src="cid:b%24%20%281%29@x">', '<img src="/1">'],
  ['with references', '<img src="cid:a&amp;b"><img src="c&#105;d:logo&commat;x">', '<img src="/2"><img src="/0">'],
  ['an ampersand that is none', '<img src="cid:a&b">', '<img src="/2">'],
  [
    'candidates',
    '<img srcset="cid:logo@x 1x, cid:logo@x, cid:no 3x">',
    '<img srcset="/0&#32;1x,&#32;/0,&#32;cid:no&#32;3x">',
  ],
  ['a style', '<p style="background:url(cid:logo@x)">', '<p style="background:url(/0)">'],
  ['a style with quotes', `<p style='background:url("cid:logo@x")'>`, `<p style='background:url(&#34;/0&#34;)'>`],
  [
    'a style sheet',
    '<style>p{background:url(cid:logo@x)}a{b:url("cid:a&b")}</style>',
    '<style>p{background:url(/0)}a{b:url("/2")}</style>',
  ],
  ['a style sheet without an end', '<style>p{background:url(cid:logo@x)}', '<style>p{background:url(cid:logo@x)}'],
  ["Outlook's vector graphics", '<v:fill src="cid:logo@x" />', '<v:fill src="/0" />'],
  ['a link', '<a href="cid:logo@x">', '<a href="/0">'],
  [
    'unknown',
    '<img src="cid:no@x"><img src="cid:__proto__"><img src="cid:$&(x">',
    '<img src="cid:no@x"><img src="cid:__proto__"><img src="cid:$&(x">',
  ],
  [
    'in another case, which counts',
    '<img src="cid:case@x"><img src="cid:Case@x">',
    '<img src="cid:case@x"><img src="/3">',
  ],
  [
    'in what is read',
    'cid:logo@x <b title="cid:logo@x">cid:logo@x</b><!-- cid:logo@x -->',
    'cid:logo@x <b title="cid:logo@x">cid:logo@x</b><!-- cid:logo@x -->',
  ],
  ['a lone %', '<img src="cid:100%@x">', '<img src="cid:100%@x">'],
])('a part is found: %s', (_, html, page) => {
  expect(shown(html)).toBe(page);
});

test('the Content-IDs used in an HTML', () => {
  const html = `<img src="cid:a%40x"><p style="background:url('cid:b@x')"><style>p{background:url(cid:c@x)}</style>
    <img srcset="cid:d@x 1x"> cid:text@x <!-- cid:comment@x --> <a href="cid:linked@x">Report</a><img src="CID:e&amp;f">`;
  expect(cidsOf(html)).toEqual(new Set(['a%40x', 'a@x', 'b@x', 'c@x', 'd@x', 'e&f']));
});
