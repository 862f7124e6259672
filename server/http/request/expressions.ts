import { MailstopError } from '../../../wire/errors.ts';
import { regexFaults } from '../../store/read-query.ts';
import type { Store } from '../../store/store.ts';
import { clipped } from '../answer/problem.ts';

/**
 * Checks the regular expressions in the body of an expectation, all at once.
 * @param body already validated by its schema
 * @throws {MailstopError} `bad-request`, naming the first that can't be used; `bad-query`, `search-failed`
 */
export async function checkExpressions(body: object, store: Pick<Store, 'regexFaults'>): Promise<void> {
  const found: Expression[] = [];
  collect(body, [], found);
  const faults = await regexFaults([...new Set(found.map(({ regex }) => regex))], store);
  const wrong = found.find(({ regex }) => faults.has(regex));
  if (!wrong) return;
  const { path, regex } = wrong;
  throw new MailstopError(
    'bad-request',
    `body "${clipped(path.join('.'), 200)}": expected an expression in RE2 syntax: ${clipped(faults.get(regex) ?? '', 500)}, got ${clipped(JSON.stringify(regex), 200)}`,
  );
}

interface Expression {
  readonly path: readonly string[];
  readonly regex: string;
}

function collect(test: unknown, path: readonly string[], found: Expression[]): void {
  if (typeof test !== 'object' || test === null) return;
  for (const [key, value] of Object.entries(test)) {
    if (key === 'matches' && typeof value === 'string') found.push({ path: [...path, key], regex: value });
    // The keys of `headers` are header names, not tests.
    else if (key !== 'headers') collect(value, [...path, key], found);
    else for (const [name, one] of Object.entries(value)) collect(one, [...path, key, name], found);
  }
}
