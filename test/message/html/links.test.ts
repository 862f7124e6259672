import { describe, expect, test } from 'vitest';
import { extract } from '../../../server/message/extract.ts';

const none = { subject: null, text: null, html: null, headers: [] };
const inHtml = (html: string) => extract({ ...none, html }).links.map(({ url, text }) => [url, text]);
const inText = (text: string) => extract({ ...none, text }).links.map(({ url }) => url);

describe('links of HTML', () => {
  test.each<[string, string, [string, string][]]>([
    [
      'with its text',
      '<a href="https://x.test/a">Reset\n  <b>pass</b>word</a>',
      [['https://x.test/a', 'Reset password']],
    ],
    ['single quotes', "<a href='https://x.test/a'>A</a>", [['https://x.test/a', 'A']]],
    ['no quotes', '<A HREF=https://x.test/a>A</A>', [['https://x.test/a', 'A']]],
    ['blanks around the sign', '<a\n class=x href = "https://x.test/a">A</a>', [['https://x.test/a', 'A']]],
    [
      'entities',
      '<a href="https://x.test/?a=1&amp;b=2&#38;c=3&#x26;d">A &amp; B</a>',
      [['https://x.test/?a=1&b=2&c=3&d', 'A & B']],
    ],
    [
      'ampersands that are none',
      '<a href="https://x.test/?a=1&copy=2&reg=3&not=4&timesx&lang=en&ampx=1">A</a>',
      [['https://x.test/?a=1&copy=2&reg=3&not=4&timesx&lang=en&ampx=1', 'A']],
    ],
    ['blanks and line breaks', '<a href=" https://x.test/\n  a\tb ">A</a>', [['https://x.test/  ab', 'A']]],
    ['a > in a value', '<a title="a > b" href="https://x.test/a">A</a>', [['https://x.test/a', 'A']]],
    ['the first of two', '<a href="https://x.test/1" href="https://x.test/2">A</a>', [['https://x.test/1', 'A']]],
    [
      'a picture',
      '<a href="https://x.test/a"><img src="l.png" alt="The shop"></a>',
      [['https://x.test/a', 'The shop']],
    ],
    ['a picture and words', '<a href="https://x.test/a"><img alt="Logo"> Go on</a>', [['https://x.test/a', 'Go on']]],
    ['nothing to see', '<a href="https://x.test/a"></a>', [['https://x.test/a', '']]],
    ['blocks within', '<a href="https://x.test/a"><div>One</div><div>Two</div></a>', [['https://x.test/a', 'One Two']]],
    ['an area', '<map><area shape=rect href="https://x.test/a" alt="Left"></map>', [['https://x.test/a', 'Left']]],
    [
      'never closed',
      '<a href="https://x.test/a">A<a href="https://x.test/b">B',
      [
        ['https://x.test/a', 'A'],
        ['https://x.test/b', 'B'],
      ],
    ],
    ['a quote never closed, which leaves nothing to click', '<a href="https://x.test/a>A</a>', []],
    ['a tag never closed', '<p>A</p><a href="https://x.test/a"', []],
    ['a link in SVG', '<svg><a xlink:href="https://x.test/a"><text>A</text></a></svg>', [['https://x.test/a', 'A']]],
    ['a link in a select or a paragraph that is open', '<p><a href="https://x.test/a">A', [['https://x.test/a', 'A']]],
    [
      'mailto',
      '<a href="MAILTO:ada@x.test?subject=Hi%20there">Write</a>',
      [['MAILTO:ada@x.test?subject=Hi%20there', 'Write']],
    ],
    [
      'other schemes and places',
      '<a href="javascript:alert(1)">A</a><a href="data:text/html,x">B</a><a href="tel:+4930">C</a><a href="/a">D</a>' +
        '<a href="#top">E</a><a href="//x.test/">F</a><a href="cid:a">G</a><a href="java&#10;script:x">H</a><a name=a>I</a>',
      [],
    ],
    [
      'a base is for relative ones',
      '<base href="https://b.test/"><a href="a">A</a><a href="https://x.test/">B</a>',
      [['https://x.test/', 'B']],
    ],
    [
      'comments',
      '<!-- <a href="https://x.test/no">A</a> --><!--> <a href="https://x.test/a">A</a>',
      [['https://x.test/a', 'A']],
    ],
    [
      "Outlook's conditional comments",
      '<!--[if mso]><a href="https://x.test/mso">A</a><![endif]--><!--[if !mso]><!--><a href="https://x.test/a">A</a><!--<![endif]-->',
      [['https://x.test/a', 'A']],
    ],
    [
      'scripts, styles and templates',
      '<script>"<a href=https://x.test/1>"</script><style>/* https://x.test/2 */</style><title>https://x.test/3</title>' +
        '<template><template></template><a href="https://x.test/4">A</a></template><a href="https://x.test/a">A</a>',
      [['https://x.test/a', 'A']],
    ],
    [
      'each once, called by the first text there is',
      '<a href="https://x.test/"><img></a><a href="https://x.test/b">B</a><a href="https://x.test/">Shop</a><a href="https://x.test/">Again</a>',
      [
        ['https://x.test/', 'Shop'],
        ['https://x.test/b', 'B'],
      ],
    ],
    [
      'a URL that is no link, as mail programs make it one',
      '<p>Copy https://x.test/?a=1&amp;b=2. Or</p><p><a href="https://x.test/c">https://x.test/shown</a></p>',
      [
        ['https://x.test/?a=1&b=2', 'https://x.test/?a=1&b=2'],
        ['https://x.test/c', 'https://x.test/shown'],
      ],
    ],
    ['right to left', '<a href="https://x.test/a">إعادة&nbsp;تعيين</a>', [['https://x.test/a', 'إعادة تعيين']]],
  ])('%s', (_, html, links) => expect(inHtml(html)).toEqual(links));
});

describe('links of plain text', () => {
  test.each<[string, string, string[]]>([
    [
      'the end of a sentence',
      'See https://x.test/a. Or http://x.test/b, https://x.test/c! (https://x.test/d)?',
      ['https://x.test/a', 'http://x.test/b', 'https://x.test/c', 'https://x.test/d'],
    ],
    ['brackets that belong to it', 'https://x.test/a_(b) and (https://x.test/a_(b)).', ['https://x.test/a_(b)']],
    [
      'quotes',
      `"https://x.test/a" 'https://x.test/b' “https://x.test/c” »https://x.test/d«`,
      ['https://x.test/a', 'https://x.test/b', 'https://x.test/c', 'https://x.test/d'],
    ],
    ['angle brackets', '<https://x.test/a.> <URL:https://x.test/b,>', ['https://x.test/a.', 'https://x.test/b,']],
    [
      'wrapped in angle brackets (RFC 3986, appendix C)',
      '<https://x.test/a/\r\n   b?c=\r\nd>',
      ['https://x.test/a/b?c=d'],
    ],
    [
      'angle brackets with more in them',
      '<https://x.test/a and more> <https://x.test/b\n\nc>',
      ['https://x.test/a', 'https://x.test/b'],
    ],
    ['emphasis', '*https://x.test/a* **https://x.test/b**', ['https://x.test/a', 'https://x.test/b']],
    ['square brackets', '[https://x.test/a] [1]: https://x.test/b', ['https://x.test/a', 'https://x.test/b']],
    [
      'with a port, a user, a query and a fragment',
      'http://u:p@x.test:8080/a;b?c=d,e#/f',
      ['http://u:p@x.test:8080/a;b?c=d,e#/f'],
    ],
    ['IPv6', 'http://[::1]:8025/a', ['http://[::1]:8025/a']],
    ['any case', 'HTTPS://X.test/A', ['HTTPS://X.test/A']],
    ['mailto', 'mailto:ada@x.test, mailto:?subject=a. The mailto: scheme.', ['mailto:ada@x.test', 'mailto:?subject=a']],
    ['no link', 'xhttps://x.test ftp://x.test javascript:alert(1) https:// http:///a www.x.test', []],
    ['letters with accents', 'https://bücher.test/straße', ['https://bücher.test/straße']],
    [
      'Chinese and Japanese around it',
      '请点击https://x.test/a。こちらhttps://x.test/bをクリック（https://x.test/c）',
      ['https://x.test/a', 'https://x.test/b', 'https://x.test/c'],
    ],
    ['each once', 'https://x.test/a\nhttps://x.test/b\nhttps://x.test/a', ['https://x.test/a', 'https://x.test/b']],
    [
      'a tracking link',
      'https://u1.ct.test/ls/click?upn=u001.4Bz-2FdQ_x~3D&h=a%2Fb',
      ['https://u1.ct.test/ls/click?upn=u001.4Bz-2FdQ_x~3D&h=a%2Fb'],
    ],
  ])('%s', (_, text, urls) => expect(inText(text)).toEqual(urls));

  test('the text of a Markdown link', () => {
    const { links } = extract({
      ...none,
      text: '[Reset your password](https://x.test/r?t=1)[Help](https://x.test/h "Help").',
    });
    expect(links).toEqual([
      { url: 'https://x.test/r?t=1', text: 'Reset your password', source: 'text' },
      { url: 'https://x.test/h', text: 'Help', source: 'text' },
    ]);
  });
});

test('a URL in both bodies is a link in each', () => {
  const { links } = extract({ ...none, text: 'https://x.test/', html: '<a href="https://x.test/">Go</a>' });
  expect(links).toEqual([
    { url: 'https://x.test/', text: 'Go', source: 'html' },
    { url: 'https://x.test/', text: 'https://x.test/', source: 'text' },
  ]);
});

test('no more than 1,000 links of each body, and none over 8 KiB', () => {
  const urls = Array.from({ length: 1200 }, (_, n) => `https://x.test/${n}`);
  const html = urls.map((url) => `<a href="${url}">A</a><img src="${url}">`).join('');
  const { links, images } = extract({ ...none, text: urls.join('\n'), html });
  expect(links.map(({ source }) => source)).toEqual([...Array(1000).fill('html'), ...Array(1000).fill('text')]);
  expect(images).toHaveLength(1000);

  const long = `https://x.test/${'a'.repeat(8192)}`;
  expect(extract({ ...none, text: `${long} https://x.test/b`, html: `<a href="${long}">A</a>` }).links).toMatchObject([
    { url: 'https://x.test/b' },
  ]);
});

test('each picture once, with the URL as written', () => {
  const html = `<img src="cid:logo@shop.test"><IMG SRC='https://x.test/p?a=1&amp;b=2' width=1><img src=a/b.png><img alt=x>
    <img src="cid:logo@shop.test"><img src="data:image/gif;base64,R0lGOD"><img src="data:image/png;base64,${'A'.repeat(4000)}">
    <!-- <img src="no.png"> -->`;
  expect(extract({ ...none, html }).images).toEqual([
    'cid:logo@shop.test',
    'https://x.test/p?a=1&b=2',
    'a/b.png',
    'data:image/gif;base64,R0lGOD',
  ]);
});

test.each<[string, string[]]>([
  [
    '<https://x.test/u?a=1>, <mailto:leave@x.test?subject=unsubscribe>',
    ['https://x.test/u?a=1', 'mailto:leave@x.test?subject=unsubscribe'],
  ],
  ['(Use this) <https://x.test/\t u>', ['https://x.test/u']],
  ['https://x.test/bare', []],
  ['<ftp://x.test/>, <javascript:alert(1)>, <>', []],
  ['<<<<https://x.test/>', ['https://x.test/']],
])('List-Unsubscribe: %s (RFC 2369)', (value, urls) => {
  expect(extract({ ...none, headers: [{ name: 'list-Unsubscribe', value }] }).unsubscribe).toEqual(urls);
});
