import { expect, test } from 'vitest';
import { canBeOpened, groupsOf, linkRows } from '../../ui/src/message/extracts.ts';

test('a URL in both HTML and text is one row, with the link text', () => {
  const rows = linkRows([
    { url: 'https://x.test/reset', text: 'Reset your password', source: 'html' },
    { url: 'https://x.test/', text: 'https://x.test/', source: 'html' },
    { url: 'https://x.test/reset', text: 'https://x.test/reset', source: 'text' },
    { url: 'mailto:help@x.test', text: '', source: 'text' },
  ]);
  expect(rows).toEqual([
    { url: 'https://x.test/reset', text: 'Reset your password', sources: ['html', 'text'] },
    { url: 'https://x.test/', text: null, sources: ['html'] },
    { url: 'mailto:help@x.test', text: null, sources: ['text'] },
  ]);
});

test.each([
  ['https://x.test/', true],
  ['HTTP://x.test/', true],
  ['mailto:ada@example.org', true],
  ['javascript:alert(1)', false],
  [' javascript:alert(1)', false],
  ['java\nscript:alert(1)', false],
  ['data:text/html,<script>', false],
  ['cid:logo@x.test', false],
  ['//x.test/', false],
  ['', false],
])('%j is clickable: %s', (url, clickable) => {
  expect(canBeOpened(url)).toBe(clickable);
});

test.each([
  ['402913', ['402', '913']],
  ['12345678', ['1234', '5678']],
  ['4029', ['4029']],
  ['73915', ['73915']],
  ['AB12CD', ['AB12CD']],
])('%s is shown as %j', (code, groups) => {
  expect(groupsOf(code)).toEqual(groups);
});
