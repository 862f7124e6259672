import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mailPage } from '../../../server/message/html/page.ts';
import { ATTEMPTS, cpuMeter } from '../../cpu.ts';

const HEAD = '<meta http-equiv="x-dns-prefetch-control" content="off"><base target="_blank">';

function page(html: string, remote = false): string {
  return [...mailPage(html, { find: () => undefined, remote })].join('');
}

test('in a srcdoc, anchors stay in the mail instead of leading to the page around it', () => {
  expect([...mailPage('<p>x', { find: () => undefined, remote: false, srcdoc: true })].join('')).toBe(
    '<meta http-equiv="x-dns-prefetch-control" content="off"><base href="about:srcdoc" target="_blank"><p>x',
  );
});

describe('where links open', () => {
  test.each<[string, string, string]>([
    ['a link', '<a href="https://x.test/">', '<a href="https://x.test/">'],
    ['with a target', '<a href=/a target=_top>', '<a target="_blank" href=/a target=_top>'],
    ['a target first', '<A TARGET=x HREF=/a>', '<A target="_blank" TARGET=x HREF=/a>'],
    ['an anchor', '<a href="#top">', '<a target="_self" href="#top">'],
    [
      'an anchor with a target',
      '<a href=" #a%20b" target="_parent">',
      '<a target="_self" href=" #a%20b" target="_parent">',
    ],
    ['an anchor with a reference', '<a href="&#35;top">', '<a target="_self" href="&#35;top">'],
    ['nothing', '<a href="">', '<a target="_self" href="#" href="">'],
    ['a name', '<a name="top">', '<a name="top">'],
    [
      'an area',
      '<area href="#x"><area target=x href=/>',
      '<area target="_self" href="#x"><area target="_blank" target=x href=/>',
    ],
    [
      'SVG',
      '<svg><a xlink:href="#x"/><a/xlink:href=/a/target=x>',
      '<svg><a target="_self" xlink:href="#x"/><a/xlink:href=/a/target=x>',
    ],
    [
      'a form',
      '<form target=x><button formtarget=y><input formtarget=z>',
      '<form target="_blank" target=x><button formtarget="_blank" formtarget=y><input formtarget="_blank" formtarget=z>',
    ],
    ['an opener', '<a rel="opener" href=/>', '<a rel="noreferrer" rel="opener" href=/>'],
    [
      'what is no tag',
      '<!-- <a target=x> --><title><a target=x></title>',
      '<!-- <a target=x> --><title><a target=x></title>',
    ],
  ])('%s', (_, html, expected) => {
    expect(page(html)).toBe(HEAD + expected);
  });
});

test.each<[string, string, string]>([
  ['none', '<p>x', `${HEAD}<p>x`],
  ['a doctype', '\n<!DOCTYPE html PUBLIC "x">\n<p>', `\n<!DOCTYPE html PUBLIC "x">${HEAD}\n<p>`],
  ['after a comment', '<!-- a > b --><!doctype html><p>', `<!-- a > b --><!doctype html>${HEAD}<p>`],
  ['too late', '<p><!doctype html>', `${HEAD}<p><!doctype html>`],
  ['nothing at all', '', HEAD],
])('the doctype stays first, or the browser would use quirks mode: %s', (_, html, expected) => {
  expect(page(html)).toBe(expected);
});

describe('frames and preloading links lose their URLs', () => {
  test.each<[string, string, string]>([
    ['a frame', '<iframe src=x>', '<iframe/srcdoc/src=about:blank src=x>'],
    [
      'any case, any space',
      '<IFRAME\tsrc=x><FrAmE/src=x>',
      '<IFRAME/srcdoc/src=about:blank\tsrc=x><FrAmE/srcdoc/src=about:blank/src=x>',
    ],
    [
      'wherever it is',
      '<!--<frame x>--><p title="<iframe x">',
      '<!--<frame/srcdoc/src=about:blank x>--><p title="<iframe/srcdoc/src=about:blank x">',
    ],
    ['others', '<iframes x><frameset x><ifr ame>&lt;iframe x', '<iframes x><frameset x><ifr ame>&lt;iframe x'],
    ['a link', '<link rel=preconnect href=x><LINK\nrel>', '<basefont rel=preconnect href=x><basefont\nrel>'],
  ])('%s', (_, html, expected) => {
    expect(page(html)).toBe(HEAD + expected);
  });

  test('with remote content on, links are left alone', () => {
    expect(page('<iframe src=x></iframe><link rel=stylesheet href=x>', true)).toBe(
      `${HEAD}<iframe/srcdoc/src=about:blank src=x></iframe><link rel=stylesheet href=x>`,
    );
  });

  const soup = fc
    .array(
      fc.oneof(
        fc.constantFrom(
          ...'<iframe <iframe/ <IFRAME\n <frame <link <a <!-- --> <![CDATA[ ]]> <style> </style> <svg> < > " \''.split(
            ' ',
          ),
        ),
        fc.constantFrom(
          ' ',
          '/',
          ' src=x',
          ' target=_top',
          ' href="#a"',
          '<img src="cid:a">',
          'x'.repeat(16_380),
          '\0',
          '\r',
        ),
        fc.string({ unit: 'binary', maxLength: 5 }),
      ),
      { maxLength: 40 },
    )
    .map((pieces) => pieces.join(''));

  test('whatever the HTML, wherever it is cut', () => {
    fc.assert(
      fc.property(soup, (html) => {
        const made = [...mailPage(html, { find: (cid) => (cid === 'a' ? '/part' : undefined), remote: false })].join(
          '',
        );
        expect(made).not.toMatch(
          /<i?frame[\t\n\f\r /](?<!\/)|<i?frame\/(?!srcdoc\/src=about:blank)|<link[\t\n\f\r /]/i,
        );
        // Nothing is lost.
        const undone = made
          .replace(HEAD, '')
          .replaceAll(/\/srcdoc\/src=about:blank| target="_(?:self|blank)"/g, '')
          .replaceAll('<basefont', '<link')
          .replaceAll('/part', 'cid:a');
        expect(undone).toBe(html);
      }),
      { numRuns: 2000 },
    );
  });
});

/** In milliseconds of CPU. */
const LONGEST_STEP = 25;

/** CPU time of each step of making a page, in milliseconds. */
function stepsOf(html: string): number[] {
  const steps: number[] = [];
  let spent = cpuMeter();
  for (const _ of mailPage(html, { find: (cid) => (cid === 'a' ? '/part' : undefined), remote: false })) {
    steps.push(spent());
    spent = cpuMeter();
  }
  return steps;
}

// 4 MiB each, the most that is kept of a mail's HTML.
test.each<[string, (repeat: (unit: string) => string) => string]>([
  [
    'what is usual',
    (repeat) => repeat('<p style="color:red"><a target=x href="https://x.test/?a=1&amp;b">there</a> <img src="cid:a">'),
  ],
  ['nested tags', (repeat) => repeat('<b>')],
  ['angle brackets', (repeat) => repeat('<')],
  ['comments without an end', (repeat) => repeat('<!-- ')],
  ['text', (repeat) => repeat('word ')],
  ['references', (repeat) => repeat('&amp;')],
  ['ampersands', (repeat) => repeat('&')],
  ['an attribute of references', (repeat) => `<a href="${repeat('&amp;')}">`],
  ['one long attribute', (repeat) => `<a href="${repeat('x')}">`],
  ['attributes', (repeat) => `<a ${repeat('a b ')}`],
  ['attributes that differ', () => `<a ${Array.from({ length: 500_000 }, (_, n) => `a${n}`).join(' ')}>`],
  ['parts in a style sheet', (repeat) => `<style>${repeat('cid:a ')}</style>`],
  ['parts in a style', (repeat) => `<p style="${repeat('url(cid:a) ')}">`],
  ['styles with parts', (repeat) => repeat('<p style="url(cid:a)">')],
  ['frames', (repeat) => repeat('<iframe src=x></iframe>')],
  ['frames without an end', (repeat) => repeat('<iframe ')],
  ['scripts', (repeat) => repeat('<script>')],
])('a large mail takes many short steps: %s', (_, make) => {
  const html = make((unit) => unit.repeat(4_194_304 / unit.length));
  let steps = stepsOf(html);
  expect(steps.length).toBeGreaterThan(100);
  // The steps are the same each time; one is too long only if it is so every time.
  for (let attempt = 1; attempt < ATTEMPTS && Math.max(...steps) >= LONGEST_STEP; attempt++) {
    const again = stepsOf(html);
    steps = steps.map((step, n) => Math.min(step, again[n] ?? 0));
  }
  expect(Math.max(...steps)).toBeLessThan(LONGEST_STEP);
});
