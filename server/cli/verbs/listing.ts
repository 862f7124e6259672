import type { Api, Summary } from '../../../client/index.ts';

/** The most that the server gives at once. */
const PAGE = 500;

/** The mails that match, newest first, a page at a time. */
export async function* pages(
  api: Api,
  query: string,
  limit = Number.POSITIVE_INFINITY,
): AsyncGenerator<{ readonly messages: readonly Summary[]; readonly matched: number }> {
  let left = limit;
  let before: number | undefined;
  for (;;) {
    const { messages, matched, cursor } = await api.list(query, {
      limit: Math.min(PAGE, left),
      ...(before !== undefined && { before }),
    });
    yield { messages, matched };
    left -= messages.length;
    if (cursor === null || left <= 0) return;
    before = cursor;
  }
}

/** Words of the command line as one query, as if they had been typed into the search box. */
export function queryOf(words: readonly string[]): string {
  return words.join(' ').trim();
}
