import { describe, expect, test } from 'vitest';
import { codesOf } from '../../../server/message/codes/codes.ts';
import { vocabularyOf } from '../../../server/message/codes/vocabulary.ts';
import { languages } from '../../../server/message/codes/words/languages.ts';
import type { Words } from '../../../server/message/codes/words/words.ts';

/** A language that nobody speaks. */
const invented: Words = {
  oneTime: 'zugloba vrek*, zuglobavrek',
  maybe: 'vrek',
  nouns: 'vrek*',
  otherKinds: 'frumo',
  otherNames: '*blorg, krint',
  elsewhere: 'snirk',
  meeting: 'plonka id',
  units: 'minuk',
  is: 'ej',
  number: 'nummo',
};
const known = vocabularyOf(languages);
const taught = vocabularyOf([...languages, invented]);

function find(text: string, words = taught): string | null {
  return codesOf({ subject: null, text, html: null }, words).code;
}

describe('a language is added just by its words', () => {
  test.each([
    ['Tu zugloba vreka ej 482913.', '482913'],
    ['482 913 ej tu zuglobavrek', '482913'],
    ['Zugloba vrek ej x7f9qk', 'x7f9qk'],
    ['Tu vrek: 482913', '482913'],
    ['Zugloba vrek:\n\n4 8 2 9\n', '4829'],
  ])('%j has a code', (text, code) => {
    expect(find(text)).toBe(code);
    expect(find(text, known)).toBe(null);
  });

  test.each([
    ['a kind in front', 'Tu frumo vrek: 482913'],
    ['in one word with it', 'Frumovreka 482913'],
    ['a thing that has a number', 'Zugloba vrek, krint nummo 482913'],
    ['the end of a compound', 'Tu vrek, kalablorg 482913'],
    ['a discount', 'Snirk! Tu vrek: 482913'],
    ['a meeting', 'Plonka ID: 11\nTu vrek: 482913'],
    ['an amount', 'Zugloba vrek ej 1440 minuk'],
  ])('no code: %s', (_, text) => {
    expect(find(text)).toBe(null);
  });
});

test('a star matches letters, a space matches a hyphen, capitals match only capitals, and accents may be missing', () => {
  const words = vocabularyOf([{ oneTime: 'čod* vérif*, TAN', maybe: '' }]);
  expect(find('codo verifa 482913', words)).toBe('482913');
  expect(find('ČOD-VÉRIF 482913', words)).toBe('482913');
  expect(find('TAN 482913', words)).toBe('482913');
  expect(find('tan 482913', words)).toBe(null);
  expect(find('xcod verif 482913', words)).toBe(null);
});
