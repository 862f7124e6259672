import { expect, test } from 'vitest';
import { previewOf } from '../../server/message/preview.ts';

test.each<[string, string, string]>([
  ['white space is folded', '  Hello\r\n\tAda,\u00a0\u2003how  are you ', 'Hello Ada, how are you'],
  ['the padding behind a preheader goes', `Your code${'\u00a0\u200c'.repeat(200)}Hello`, 'Your code Hello'],
  ['also in its other forms', `Sale!${' \u034f\u200c\u00ad\ufeff\u2007'.repeat(200)}`, 'Sale!'],
  ['soft hyphens', 'Donau\u00addampf\u00adschiff', 'Donaudampfschiff'],
  ['overrides of the text direction', 'a\u202egnp.exe\u2066b\u2069', 'agnp.exeb'],
  ['control characters', 'a\0b\x1b[31mc', 'a b [31mc'],
  ['a joiner between Persian letters stays', 'می\u200cخواهم', 'می\u200cخواهم'],
  ['families stay together', 'Hi 👨\u200d👩\u200d👧', 'Hi 👨\u200d👩\u200d👧'],
  ['skin tones and hearts stay', '👩🏽\u200d🚀 ❤\ufe0f', '👩🏽\u200d🚀 ❤\ufe0f'],
  ['nothing', '\u200b \u00ad', ''],
])('%s', (_, text, preview) => {
  expect(previewOf(text)).toBe(preview);
});

test('at most 160 characters, none cut in half', () => {
  const preview = previewOf('👋'.repeat(500));
  expect(Array.from(preview)).toHaveLength(160);
  expect(preview.endsWith('👋')).toBe(true);
});
