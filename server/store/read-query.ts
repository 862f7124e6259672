import type { Query } from '../../wire/query/query.ts';
import { parseQuery } from '../../wire/query/text.ts';
import type { Store } from './store.ts';

/**
 * Parses a query and checks all its regular expressions at once.
 * @throws {MailstopError} `bad-query`, with the column of the error; `search-failed`
 */
export async function readQuery(text: string, store: Pick<Store, 'regexFaults'>): Promise<Query> {
  const regexes = new Set<string>();
  const query = parseQuery(text, (regex) => {
    regexes.add(regex);
    return null;
  });
  const faults = await regexFaults([...regexes], store);
  return faults.size === 0 ? query : parseQuery(text, (regex) => faults.get(regex) ?? null);
}

/** Why regular expressions can't be used; valid ones are left out. @throws like `Store.regexFaults` */
export async function regexFaults(
  regexes: readonly string[],
  store: Pick<Store, 'regexFaults'>,
): Promise<ReadonlyMap<string, string>> {
  const faults = regexes.length === 0 ? [] : await store.regexFaults(regexes);
  return new Map(regexes.flatMap((regex, i) => (faults[i] == null ? [] : [[regex, faults[i]]])));
}
