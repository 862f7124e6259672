import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { shownInHtml } from '../../server/message/html/hidden.ts';
import { linksOfHtml } from '../../server/message/html/links.ts';
import { textOfPieces } from '../../server/message/html/text.ts';
import { launchBrowser } from './browser.ts';
import { bePatient } from './patience.ts';

bePatient();

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

/** Markup on which tokenizers disagree. */
const MARKUP = [
  ...'<![CDATA[ ]]> <!-- --> <!--> <!---> --!> <! <!x> <!doctype <?x </ </> </1> > " \' / = \0'.split(' '),
  ...'<!-- <script> </script> <script> <!-- --> </script> </script/x=">"> <script/ <!--<script>'.split(' '),
  ...'title textarea style noscript iframe xmp template noembed noframes'
    .split(' ')
    .flatMap((n) => [`<${n}>`, `</${n}>`]),
  ...'svg math mi text p b'.split(' ').flatMap((n) => [`<${n}>`, `</${n}>`]),
  ...['<svg/>', '<svg / >', '<template/>', '</ x>', '<!DOCTYPE x>', '</p x=">', "</b x='>'>", '</p ">', '</p x = y/>'],
  ...['<a<b>', '<a x="', "<p x='", '<p\0>', '<p =x>', '<p x=>', '<p/x>', '<p x=a"b>', '</a>', '&lt;', '&amp', '&#0;'],
  ...['\x1c/style>', '<\x0fscript>', '\x1c\x0ftextarea>', '<style\x0f>'],
];

/** Cases with a word between any two pieces of markup; some are links. The same seed gives the same cases. */
function casesOf(seed: number, count: number): string[] {
  let state = seed;
  const below = (limit: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor(state / 65_536) % limit;
  };
  return Array.from({ length: count }, () => {
    const pieces = Array.from({ length: 2 + below(8) }, (_, n) => {
      const word = [`<a href="http://h${n}.test/">w${n}</a>`, `w${n} `, `w${n} `, ''][below(4)] ?? '';
      return `${MARKUP[below(MARKUP.length)]}${word}`;
    });
    return `<!doctype html>${pieces.join('')} last`;
  });
}

/** What Chromium shows of a page without scripts, and its links. */
const LOOK = `async (pages) => {
  const seen = [];
  for (const html of pages) {
    const frame = document.createElement('iframe');
    frame.setAttribute('sandbox', 'allow-same-origin');
    frame.srcdoc = html;
    const loaded = new Promise((resolve) => { frame.onload = resolve; });
    document.body.append(frame);
    await loaded;
    const { body } = frame.contentDocument;
    const fields = [...body.querySelectorAll('textarea')].filter((one) => one.checkVisibility());
    const links = [...body.querySelectorAll('a[href]')];
    seen.push({
      text: [body.innerText, ...fields.map(({ value }) => value)].join(' '),
      links: links.map((one) => one.getAttribute('href')),
    });
    frame.remove();
  }
  return seen;
}`;

interface Seen {
  readonly text: string;
  readonly links: readonly string[];
}

const wordsIn = (text: string) => [...new Set(text.match(/w\d|last/g))].sort();

/** The links of the words */
const linksOf = (words: readonly string[], urls: readonly string[]) =>
  words.filter((word) => urls.includes(`http://${word.replace('w', 'h')}.test/`));

test.each([1, 2])('the words and links that are read are those that Chromium shows, seed %i', async (seed) => {
  const pages = casesOf(seed, 200);
  const page = await browser.newPage();
  await page.setContent('<!doctype html><body>');
  const seen = await page.evaluate<readonly Seen[]>(`(${LOOK})(${JSON.stringify(pages)})`);
  const differ = pages.flatMap((html, index) => {
    const { text, links } = seen[index] as Seen;
    const read = textOfPieces(shownInHtml(html), 100_000);
    // A URL in the text is a link, too.
    const found = linksOfHtml(html, 100)
      .links.filter(({ url }) => !text.includes(url))
      .map(({ url }) => url);
    const words = wordsIn(text);
    const ours = { words: wordsIn(read), links: linksOf(words, found) };
    const chromium = { words, links: linksOf(words, links) };
    return JSON.stringify(ours) === JSON.stringify(chromium) ? [] : [JSON.stringify({ html, ours, chromium })];
  });
  expect(differ).toEqual([]);
});
