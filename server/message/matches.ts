import type { Address, Summary } from './message.ts';
import type { AddressField, Query } from './query.ts';

/** What a query is asked of. */
export interface Candidate {
  readonly summary: Summary;
  /** Subject, names, addresses, folded: see `searchableHead`. */
  readonly head: string;
  /** The body's text, folded; null as long as it has not been parsed. */
  readonly body: string | null;
}

/** `unknown`: only the parsed body can tell. */
export type Verdict = boolean | 'unknown';

/** Text as it is compared: neither case nor the way an accent is composed matters. */
export function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

/** The text of a summary that a word is searched in, folded once so that searching 100,000 of them is quick. */
export function searchableHead({ subject, from, to, cc, bcc, replyTo, envelope, username }: Summary): string {
  const people = [...(from ? [from] : []), ...to, ...cc, ...bcc, ...replyTo].flatMap(({ name, address }) => [
    name,
    address,
  ]);
  // Line feeds keep a phrase from matching across two fields.
  return fold([subject ?? '', ...people, envelope.from, ...envelope.to, username ?? ''].join('\n'));
}

/** Answers a query in three values, so that a body is only parsed when the answer hangs on it. */
export function matches(query: Query, candidate: Candidate): Verdict {
  const { summary } = candidate;
  switch (query.match) {
    case 'everything':
      return true;
    case 'all':
      return every(query.of, candidate);
    case 'any':
      return not(
        every(
          query.of.map((of) => ({ match: 'not', of })),
          candidate,
        ),
      );
    case 'not':
      return not(matches(query.of, candidate));
    case 'text':
      return inText(fold(query.value), candidate);
    case 'subject':
      return fold(summary.subject ?? '').includes(fold(query.value));
    case 'address':
      return addressesIn(summary, query.field).some((address) => addressMatches(address, fold(query.value)));
    case 'user':
      return summary.username !== null && fold(summary.username) === fold(query.value);
    case 'id':
      return summary.id === query.value;
    case 'tag':
      return summary.tags.some((tag) => fold(tag) === fold(query.value));
    case 'read':
      return summary.read === query.value;
    case 'attachment':
      return summary.attachments === null ? 'unknown' : summary.attachments.some(({ inline }) => !inline);
    case 'filename':
      return summary.attachments === null ? 'unknown' : fileNamed(fold(query.value), summary);
    case 'mailbox':
      return inMailbox(query.name, summary);
  }
}

/**
 * Whether a mail lies in the mailbox that a login name opens: `all` and `*` open everything, a full address what
 * was delivered to it, a name without @ what was delivered to that local part at any domain and what was sent with
 * that username. A username that looks like an address opens both, too.
 */
export function inMailbox(name: string, { envelope, username }: Summary): boolean {
  const wanted = name.toLowerCase();
  if (wanted === 'all' || wanted === '*') return true;
  if (username?.toLowerCase() === wanted) return true;
  const local = wanted.includes('@') ? null : `${wanted}@`;
  return envelope.to.some((address) => {
    const rcpt = address.toLowerCase();
    return rcpt === wanted || (local !== null && rcpt.lastIndexOf('@') === local.length - 1 && rcpt.startsWith(local));
  });
}

function every(queries: readonly Query[], candidate: Candidate): Verdict {
  let verdict: Verdict = true;
  for (const query of queries) {
    const one = matches(query, candidate);
    if (one === false) return false;
    if (one === 'unknown') verdict = 'unknown';
  }
  return verdict;
}

function not(verdict: Verdict): Verdict {
  return verdict === 'unknown' ? 'unknown' : !verdict;
}

function inText(value: string, { summary, head, body }: Candidate): Verdict {
  if (head.includes(value)) return true;
  if (body === null) return 'unknown';
  return body.includes(value) || fileNamed(value, summary);
}

function fileNamed(value: string, { attachments }: Summary): boolean {
  return attachments?.some(({ filename }) => filename !== null && fold(filename).includes(value)) ?? false;
}

function addressesIn(summary: Summary, field: AddressField): readonly Address[] {
  switch (field) {
    case 'from':
      return summary.from ? [summary.from] : [];
    case 'rcpt':
      return summary.envelope.to.map((address) => ({ name: '', address }));
    default:
      return summary[field];
  }
}

function addressMatches({ name, address }: Address, value: string): boolean {
  const folded = fold(address);
  return isFullAddress(value) ? folded === value : folded.includes(value) || fold(name).includes(value);
}

/** `ada@shop.test`, but not `ada@` nor `@shop.test`, which ask for a part. */
function isFullAddress(value: string): boolean {
  return /^[^@\s]+@[^@\s]+$/.test(value);
}
