import type { LinkTest, TextTest } from '../../../wire/tests.ts';
import type { Content, Link } from '../message.ts';
import { listText, type Miss, quoted } from '../query/explain.ts';
import { deadLinksOf } from './dead-links.ts';
import { isText, textTest } from './value-test.ts';

type Links = Pick<Content, 'links' | 'html'>;

/**
 * What keeps the links of a mail from being what they must be. Where a mail has HTML, its links are meant: they are
 * what its reader can click. Only that there are none is about both.
 */
export function linkMisses(
  wanted: TextTest | LinkTest | readonly (TextTest | LinkTest)[] | undefined,
  content: Links,
): readonly Miss[] {
  if (wanted === undefined) return [];
  const tests = Array.isArray(wanted) ? (wanted as readonly (TextTest | LinkTest)[]) : [wanted as TextTest | LinkTest];
  const { links, html } = content;
  if (tests.length === 0 && links.length > 0)
    return [{ field: 'links', expected: 'none', actual: listText(links.map(({ url }) => url)) }];
  return tests.flatMap((test) => {
    const source = sourceOf(test, html);
    const meant = links.filter((link) => link.source === source);
    if (meant.some((link) => isLink(test, link))) return [];
    const actual = [listText(meant.map(({ url }) => url)), ...hints(test, source, content)].join('; ');
    return [{ field: 'links', expected: linkTest(test), actual }];
  });
}

function sourceOf(test: TextTest | LinkTest, html: string | null): Link['source'] {
  const said = isParts(test) ? test.source : undefined;
  return said ?? (html === null ? 'text' : 'html');
}

/** What a developer looks for first when the link of a button is missing. */
function hints(test: TextTest | LinkTest, source: Link['source'], { links, html }: Links): readonly string[] {
  const elsewhere = links.find((link) => link.source !== source && isLink(test, link));
  const dead = source === 'html' && html !== null ? deadLinksOf(html) : [];
  return [
    ...(elsewhere ? [`only in the ${elsewhere.source} part: ${quoted(elsewhere.url)}`] : []),
    ...(dead.length > 0
      ? [
          `leads nowhere: ${dead.map(({ href, text }) => `${quoted(text)} (${href === null ? 'no href' : `href=${quoted(href)}`})`).join(', ')}`,
        ]
      : []),
  ];
}

function isParts(test: TextTest | LinkTest): test is LinkTest {
  return typeof test === 'object' && test !== null && ('url' in test || 'text' in test || 'source' in test);
}

function isLink(test: TextTest | LinkTest, { url, text }: Link): boolean {
  if (!isParts(test)) return isText(test, url);
  return (test.url === undefined || isText(test.url, url)) && (test.text === undefined || isText(test.text, text));
}

function linkTest(test: TextTest | LinkTest): string {
  if (!isParts(test)) return textTest(test);
  const parts = [
    ...(test.url === undefined ? [] : [`url ${textTest(test.url)}`]),
    ...(test.text === undefined ? [] : [`text ${textTest(test.text)}`]),
  ].join(' and ');
  return test.source === undefined ? parts : `${parts || 'one'} in the ${test.source} part`;
}
