import { describe, expect, test } from 'vitest';
import { extract } from '../../../server/message/extract.ts';
import { readCorpus } from './corpus.ts';

const mails = readCorpus('mails');
const languages = [...new Set(mails.map(({ language }) => language))];

describe.each(languages)('%s', (language) => {
  const cases = mails.filter((mail) => mail.language === language);
  test.each(cases)('$name', ({ subject, text, html, code, codes, links }) => {
    const found = extract({ subject, text, html, headers: [] });
    expect({ code: found.code, codes: found.codes }).toMatchObject({ code });
    if (codes) expect(found.codes.map((one) => one.code)).toEqual(codes);
    else if (code === null) expect(found.codes).toEqual([]);
    if (links) expect(found.links.map(({ url }) => url)).toEqual(links);
  });
});
