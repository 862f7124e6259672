import { expect, test } from 'vitest';
import { shownInHtml } from '../../../server/message/html/hidden.ts';
import { linksOfHtml } from '../../../server/message/html/links.ts';
import { scanHtml } from '../../../server/message/html/scan.ts';
import { textOfHtml, textOfPieces } from '../../../server/message/html/text.ts';

const LINK = '<a href="https://x.test/">link</a>';

/** What Chromium shows for each. */
test.each([
  ['a style that ends at once', `<svg><defs><style/></defs></svg>${LINK}`, 'link'],
  ['a title that ends at once', `<svg><title/><path/></svg>${LINK}`, 'link'],
  ['a script that ends at once', `<svg><path/><script/></svg>${LINK}`, 'link'],
  ['the same in MathML', `<math><style/><title/></math>${LINK}`, 'link'],
  [
    'in HTML within a drawing it has an end tag',
    `<svg><foreignObject><style/>a</style>${LINK}</foreignObject></svg>`,
    'link',
  ],
  ['a style without an end', `<svg><style>a{}</svg>${LINK}`, 'link'],
  ['a paragraph ends the drawing', `<svg><style><p>${LINK}`, 'link'],
  ['and so does a coloured font', `<svg><style><font color=red>${LINK}</font>`, 'link'],
  ['and the end of what is around it', `<div><svg><style></div>${LINK}`, 'link'],
  ['a textarea is nothing there', `<svg><textarea></svg>${LINK}`, 'link'],
  ['a comment in a style', `<svg><style><!-- </style>${LINK} --></svg>after`, 'after'],
  ['tags in a style', `<svg><style>${LINK}</style></svg>after`, 'after'],
  ['tags in a title', `<svg><title>${LINK}</title></svg>after`, 'after'],
  ['a title within a title', `<svg><title>a<svg><title>${LINK}</title></svg>b</title></svg>after`, 'after'],
  ['CDATA', '<svg><text><![CDATA[a <b> c]]></text></svg>', 'a <b> c'],
  ['shapes within each other', `<svg><g><g/><g></svg><b>${LINK}</b>`, 'link'],
  ['a style of a formula, which does not hide it', `<math><style><mtext>${LINK}</mtext></style></math>`, 'link'],
  ['the end of the body in a drawing', `<body><svg></body><text>${LINK}</text></svg>`, 'link'],
  [
    'a link of a formula in a link',
    `<a href="https://x.test/"><math><a href="https://y.test/"></a></math>link</a>`,
    'link',
  ],
  ['a link around a drawing', `<a href="https://x.test/"><svg><a></a></svg>link</a>`, 'link'],
])('%s', (_, html, shown) => {
  expect(textOfPieces(shownInHtml(html), 1000)).toBe(shown);
  const urls = linksOfHtml(html, 10).links.map(({ url }) => url);
  expect(urls).toEqual(shown === 'link' ? ['https://x.test/'] : []);
});

test('a link in a drawing ends with the drawing', () => {
  for (const next of ['<img>', '<p>', '</svg>']) {
    const html = `<svg><a href="https://x.test/"><text>a</text>${next}b`;
    expect([next, linksOfHtml(html, 10).links]).toEqual([next, [{ url: 'https://x.test/', text: 'a' }]]);
  }
});

test('a drawing has a style sheet, whose references are decoded and whose CDATA is text', () => {
  const html = '<svg><style>a&gt;b{}<![CDATA[c>d{}]]></style></svg>';
  const css = [...scanHtml(html)].map((piece) => (piece.kind === 'text' && piece.inside === 'style' ? piece.text : ''));
  expect(css.join('')).toBe('a>b{}c>d{}');
});

test('nested drawings and endless names take no more memory than a few', () => {
  for (const html of [
    '<svg><desc>'.repeat(50_000),
    Array.from({ length: 50_000 }, (_, i) => `<svg><t${i}>`).join(''),
  ]) {
    expect([...scanHtml(`${html}${'</svg></desc>'.repeat(5000)}<p>`)].at(-1)).toMatchObject({
      kind: 'open',
      name: 'p',
    });
  }
});

test.each([
  ['CDATA ends at the first >', '<p>a<![CDATA[b>c]]>d', 'ac]]>d'],
  ['CDATA in a drawing, then outside', '<svg><text><![CDATA[a>b]]></text></svg><![CDATA[c>d]]>', 'a>b d]]>'],
  ['what looks like CDATA in an attribute', '<img alt="<![CDATA[a>b]]>">c', '<![CDATA[a>b]]> c'],
  ['a > in an attribute of an end tag', '<b>a</b x="> b <style>">c', 'ac'],
  ['an attribute of an end tag without end', "a</b x = 'b>c", 'a'],
  ['a quote that is no value', 'a</b ">b', 'ab'],
  ['a comment in a script in a comment', '<script><!--<script>a</script>b--></script>c', 'c'],
  ['a comment in a script that ended', '<script><!-->a<script>b</script>c', 'c'],
  ['control characters instead of an end tag', '<style>\x1c/style>a</style>b<xmp><\x0fxmp>c</xmp>', 'b\n<\x0fxmp>c'],
  ['NUL', '<p>a\0b<p>\0', 'ab'],
  ['a slash that closes nothing', '<svg / >a<text>b</text></svg>c', 'b c'],
  ['a template in a drawing', '<svg><template/><text>a<template>b</template></text></svg>c', 'ab c'],
  ['text in no element of a drawing or a formula', '<svg>a<text>b</text></svg><math>c<mi>d</mi></math>', 'b d'],
])('as browsers read it: %s', (_, html, text) => {
  expect(textOfHtml(html, 100)).toBe(text);
});
