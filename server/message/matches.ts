import type { Address, Content, Header, Summary } from './message.ts';
import type { AddressField, Having, Query, Term } from './query.ts';
import { fold, holds } from './term.ts';

/** What a query is asked of. The more of it there is, the more can be answered. */
export interface Candidate {
  readonly summary: Summary;
  /** Subject, names, addresses, folded: see `searchableHead`. */
  readonly head: string;
  /** What searching wants of the body; null as long as it has not been parsed. */
  readonly body: Body | null;
  /** The whole parsed mail, if it is at hand. */
  readonly content?: Content;
  /** The header fields, if they can be had without parsing the mail. */
  headers?(): readonly Header[];
}

/** What is kept of a parsed mail so that it can be searched quickly. */
export interface Body {
  /** The text as a reader sees it, folded. */
  readonly text: string;
  readonly html: boolean;
  readonly link: boolean;
  readonly code: boolean;
}

/** `unknown`: only the parsed mail can tell. With `content` at hand, no answer is unknown. */
export type Verdict = boolean | 'unknown';

export function bodyOf({ searchText, html, links, codes }: Content): Body {
  return { text: fold(searchText), html: html !== null, link: links.length > 0, code: codes.length > 0 };
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

/**
 * Answers a query in three values, so that a mail is only parsed when the answer hangs on it.
 * @param now for what is asked relative to it, Unix time in ms
 */
export function matches(query: Query, candidate: Candidate, now: number): Verdict {
  const { summary, body } = candidate;
  switch (query.match) {
    case 'everything':
      return true;
    case 'all':
      return every(query.of, candidate, now);
    case 'any':
      return some(query.of, candidate, now);
    case 'not':
      return not(matches(query.of, candidate, now));
    case 'any-text':
      return anywhere(query.value, candidate);
    case 'subject':
      return holds(fold(summary.subject ?? ''), query.value);
    case 'text':
      return body === null ? 'unknown' : holds(body.text, query.value);
    case 'html':
      return inHtml(query.value, candidate);
    case 'filename':
      return summary.attachments === null ? 'unknown' : fileNamed(query.value, summary);
    case 'address':
      return addressesIn(summary, query.field).some((address) => addressMatches(address, query.value));
    case 'header':
      return inHeaders(query, candidate);
    case 'user':
      return summary.username !== null && fold(summary.username) === fold(query.value);
    case 'tag':
      return summary.tags.some((tag) => fold(tag) === fold(query.value));
    case 'id':
      return summary.id === query.value;
    case 'read':
      return summary.read === query.value;
    case 'has':
      return has(query.what, candidate);
    case 'larger':
      return summary.size > query.octets;
    case 'smaller':
      return summary.size < query.octets;
    case 'after':
      return summary.receivedAt.getTime() >= query.time;
    case 'before':
      return summary.receivedAt.getTime() < query.time;
    case 'newer':
      return now - summary.receivedAt.getTime() < query.ms;
    case 'older':
      return now - summary.receivedAt.getTime() >= query.ms;
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

function every(queries: readonly Query[], candidate: Candidate, now: number): Verdict {
  let verdict: Verdict = true;
  for (const query of queries) {
    const one = matches(query, candidate, now);
    if (one === false) return false;
    if (one === 'unknown') verdict = 'unknown';
  }
  return verdict;
}

function some(queries: readonly Query[], candidate: Candidate, now: number): Verdict {
  let verdict: Verdict = false;
  for (const query of queries) {
    const one = matches(query, candidate, now);
    if (one === true) return true;
    if (one === 'unknown') verdict = 'unknown';
  }
  return verdict;
}

function not(verdict: Verdict): Verdict {
  return verdict === 'unknown' ? 'unknown' : !verdict;
}

function anywhere(term: Term, { summary, head, body }: Candidate): Verdict {
  if (holds(head, term)) return true;
  if (body === null) return 'unknown';
  return holds(body.text, term) || fileNamed(term, summary);
}

function inHtml(term: Term, { body, content }: Candidate): Verdict {
  if (content) return content.html !== null && holds(fold(content.html), term);
  // A mail without HTML need not be parsed again to know that nothing is in it.
  return body === null || body.html ? 'unknown' : false;
}

function inHeaders(query: Extract<Query, { match: 'header' }>, candidate: Candidate): Verdict {
  const fields = candidate.content?.headers ?? candidate.headers?.();
  if (!fields) return 'unknown';
  const name = query.name.toLowerCase();
  return fields.some(
    (field) => field.name.toLowerCase() === name && (query.value === null || holds(fold(field.value), query.value)),
  );
}

function has(what: Having, { summary, body }: Candidate): Verdict {
  if (what !== 'attachment') return body === null ? 'unknown' : body[what];
  return summary.attachments === null ? 'unknown' : summary.attachments.some(({ inline }) => !inline);
}

function fileNamed(term: Term, { attachments }: Summary): boolean {
  return attachments?.some(({ filename }) => filename !== null && holds(fold(filename), term)) ?? false;
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

function addressMatches({ name, address }: Address, term: Term): boolean {
  const folded = fold(address);
  if (typeof term === 'string' && isFullAddress(term)) return folded === fold(term);
  return holds(folded, term) || holds(fold(name), term);
}

/** `ada@shop.test`, but not `ada@` nor `@shop.test`, which ask for a part. */
function isFullAddress(value: string): boolean {
  return /^[^@\s]+@[^@\s]+$/.test(value);
}
