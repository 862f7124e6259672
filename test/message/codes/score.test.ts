import { expect, test } from 'vitest';
import { type CodeMail, readCorpus } from './corpus.ts';
import { score } from './score.ts';

const tuned = readCorpus('mails');
const heldOut = readCorpus('held-out');
const all = [...tuned, ...heldOut];
const languages = [...new Set(all.map(({ language }) => language))].sort();

const ENOUGH = 0.97;

test('the corpus is large enough', () => {
  expect(all.length).toBeGreaterThanOrEqual(150);
  expect(languages.length).toBeGreaterThanOrEqual(15);
  for (const language of languages) {
    const codes = all.filter((mail) => mail.language === language).map(({ code }) => code !== null);
    expect([language, codes.includes(true), codes.includes(false)]).toEqual([language, true, true]);
  }
});

test.each([
  ['all mails', all],
  ['those that the words were tuned on', tuned],
  ['those that were held out', heldOut],
])('precision and recall: %s', (name, mails) => {
  const { precision, recall, wrong } = score(mails);
  console.log([line(name, mails), ...wrong].join('\n  '));
  expect(precision, wrong.join('\n')).toBeGreaterThanOrEqual(ENOUGH);
  expect(recall, wrong.join('\n')).toBeGreaterThanOrEqual(ENOUGH);
});

test('precision and recall by language', () => {
  const of = (language: string) => all.filter((mail) => mail.language === language);
  console.log(languages.map((language) => line(language, of(language))).join('\n'));
  // A language has few mails, so each counts much; a broken language loses half of them.
  for (const language of languages) expect([language, score(of(language)).recall > 0.7]).toEqual([language, true]);
});

function line(name: string, mails: readonly CodeMail[]): string {
  const { precision, recall } = score(mails);
  return `${name}: ${mails.length} mails, precision ${precision.toFixed(3)}, recall ${recall.toFixed(3)}`;
}
