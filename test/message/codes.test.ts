import { describe, expect, test } from 'vitest';
import { extract } from '../../server/message/extract.ts';
import { asian } from './code-mails/asian.ts';
import { eastern } from './code-mails/eastern.ts';
import { english } from './code-mails/english.ts';
import { englishNone } from './code-mails/english-none.ts';
import { german } from './code-mails/german.ts';
import { northern } from './code-mails/northern.ts';
import { romance } from './code-mails/romance.ts';

const tables = { english, englishNone, german, romance, northern, eastern, asian };

for (const [table, mails] of Object.entries(tables)) {
  describe(table, () => {
    test.each(mails)('$name', ({ subject, text = null, html = null, code, codes, links }) => {
      const found = extract({ subject, text, html, headers: [] });
      expect({ code: found.code, codes: found.codes }).toMatchObject({ code });
      if (codes) expect(found.codes.map((one) => one.code)).toEqual(codes);
      if (links) expect(found.links.map(({ url }) => url)).toEqual(links);
    });
  });
}
