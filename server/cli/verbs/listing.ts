import type { Api, Summary } from '../../../client/index.ts';

/** The most the server returns at once. */
const PAGE = 500;

/** The mails that match, newest first, one page at a time. */
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

/** Joins command-line words into one query, as if typed into the search box. */
export function queryOf(words: readonly string[]): string {
  return words.join(' ').trim();
}
