import type { Query } from '../../../wire/query/query.ts';

/** The mailbox that a query is about. */
export interface OwnMail {
  /** Its name in a report. */
  readonly name: string;
  /** All the mail in it. */
  readonly query: Query;
}

/** Most reliable first: if a query names an envelope recipient, that is the mailbox, whatever else it asks. */
const SIGNS = ['rcpt', 'mailbox', 'user', 'to', 'cc', 'bcc'] as const;

/**
 * The mailbox that a query is about; null when it is about all mail. A report shows the mail in it and only counts the
 * rest: a shared Mailstop has other people's mail.
 */
export function ownMailOf(query: Query): OwnMail | null {
  if (query.match === 'any') {
    const each = query.of.map(ownMailOf).filter((own) => own !== null);
    return each.length < query.of.length ? null : joined('any', each);
  }
  const parts = query.match === 'all' ? query.of : [query];
  for (const sign of SIGNS) {
    const named = parts.map((part) => signOf(part, sign)).filter((own) => own !== null);
    if (named.length > 0) return joined('all', named);
  }
  const nested = parts.filter(({ match }) => match === 'all' || match === 'any');
  const within = nested.map(ownMailOf).filter((own) => own !== null);
  return within.length > 0 ? joined('all', within) : null;
}

function joined(match: 'all' | 'any', each: readonly OwnMail[]): OwnMail | null {
  const named = new Map(each.map((own) => [own.name, own]));
  const [first, ...more] = named.values();
  if (!first || more.length === 0) return first ?? null;
  const name = [...named.keys()].join(match === 'all' ? ' and ' : ' or ');
  return { name, query: { match, of: [...named.values()].map((own) => own.query) } };
}

function signOf(query: Query, sign: (typeof SIGNS)[number]): OwnMail | null {
  if (query.match === 'mailbox' && sign === 'mailbox') return { name: query.name, query };
  if (query.match === 'user' && sign === 'user') return { name: `the user ${query.value}`, query };
  if (query.match !== 'address' || query.field !== sign || typeof query.value !== 'string') return null;
  // A partial address may match many mailboxes.
  if (!/^[^@\s]+@[^@\s]+$/.test(query.value)) return null;
  const delivered: Query = { match: 'address', field: 'rcpt', value: query.value };
  return { name: query.value, query: sign === 'rcpt' ? query : { match: 'any', of: [delivered, query] } };
}
