import { expect, test } from 'vitest';
import { shownInHtml } from '../../../server/message/html/hidden.ts';
import { linksOfHtml } from '../../../server/message/html/links.ts';
import { scanHtml } from '../../../server/message/html/scan.ts';
import { textOfPieces } from '../../../server/message/html/text.ts';

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
  ['a link around a drawing', `<a href="https://x.test/"><svg><a></a></svg>link</a>`, 'link'],
])('%s', (_, html, shown) => {
  expect(textOfPieces(shownInHtml(html), 1000)).toBe(shown);
  const urls = linksOfHtml(html, 10).links.map(({ url }) => url);
  expect(urls).toEqual(shown === 'link' ? ['https://x.test/'] : []);
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
