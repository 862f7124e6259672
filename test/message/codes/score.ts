import { extract } from '../../../server/message/extract.ts';
import type { CodeMail } from './corpus.ts';

/** How often the code of a mail is found. A wrong code counts against both precision and recall. */
export interface Score {
  readonly mails: number;
  readonly precision: number;
  readonly recall: number;
  /** The mails with a wrong result, in words. */
  readonly wrong: readonly string[];
}

export function score(mails: readonly CodeMail[]): Score {
  let right = 0;
  let found = 0;
  const wrong: string[] = [];
  for (const { language, name, subject, text, html, code } of mails) {
    const got = extract({ subject, text, html, headers: [] });
    if (got.code !== null) found++;
    if (got.code === code) {
      if (code !== null) right++;
      continue;
    }
    const why = got.codes.map((one) => `${one.code} ${one.reason}`).join('; ');
    wrong.push(`${language}, "${name}": expected ${code}, got ${got.code} (${why || 'no candidate'})`);
  }
  const expected = mails.filter(({ code }) => code !== null).length;
  return { mails: mails.length, precision: share(right, found), recall: share(right, expected), wrong };
}

/** If there is nothing, everything is right. */
function share(part: number, whole: number): number {
  return whole === 0 ? 1 : part / whole;
}
