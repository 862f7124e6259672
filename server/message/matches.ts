import { inMailbox, recipientsOf, senderOf } from './delivery.ts';
import type { Address, Content, Header, Summary } from './message.ts';
import type { AddressField, Having, Query, Term } from './query.ts';
import { mayHold, type Signature, signatureOf } from './signature.ts';
import { fold, type TermTest, termTest } from './term.ts';
import { every, type Matcher, not, some, type Verdict } from './verdict.ts';

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
  /** In a thread, where an answer may take long. Elsewhere an answer that could is `unknown`. */
  readonly isPatient?: boolean;
}

/** What is kept of a parsed mail so that it can be searched quickly. */
export interface Body {
  /** The text as a reader sees it, folded; null when it can't be had without parsing the mail again. */
  readonly text: string | null;
  readonly signature: Signature;
  readonly html: boolean;
  readonly link: boolean;
  readonly code: boolean;
}

/** Belongs into a thread. */
export function bodyOf({ searchText, html, links, codes }: Content): Body {
  const text = fold(searchText);
  return { text, signature: signatureOf(text), html: html !== null, link: links.length > 0, code: codes.length > 0 };
}

/** The text of a summary that a word is searched in, folded once so that searching 100,000 of them is quick. */
export function searchableHead({ subject, from, to, cc, bcc, replyTo, envelope, username }: Summary): string {
  const people = [...(from ? [from] : []), ...to, ...cc, ...bcc, ...replyTo].flatMap(({ name, address }) => [
    name,
    address,
  ]);
  // Line feeds keep a phrase from matching across two fields.
  const head = [subject ?? '', ...people, envelope.from, username ?? '', ...envelope.to].join('\n');
  // Thousands of recipients in another script: that forms of a letter are one is then true of the first ones only.
  return head.length <= MAX_FOLDED
    ? fold(head)
    : fold(head.slice(0, MAX_FOLDED)) + head.slice(MAX_FOLDED).toLowerCase();
}

/** Chars. Header values alone are shorter: 256 KiB of them are read. */
const MAX_FOLDED = 300_000;

const matchers = new WeakMap<Query, Matcher>();

/**
 * Answers a query in three values, so that a mail is only parsed when the answer hangs on it.
 * @param now for what is asked relative to it, Unix time in ms
 */
export function matches(query: Query, candidate: Candidate, now: number): Verdict {
  return matcherOf(query)(candidate, now);
}

/** What a query asks for, made ready once to be asked of many mails. */
export function matcherOf(query: Query): Matcher {
  const known = matchers.get(query);
  if (known) return known;
  const matcher = makeMatcher(query);
  matchers.set(query, matcher);
  return matcher;
}

function makeMatcher(query: Query): Matcher {
  const matcher = matcherFor(query);
  if (!hasRegex(query)) return matcher;
  return (candidate, now) => (candidate.isPatient ? matcher(candidate, now) : 'unknown');
}

/** Whether the query itself, not one that it is made of, is a regular expression. */
function hasRegex(query: Query): boolean {
  return 'value' in query && typeof query.value === 'object' && query.value !== null;
}

/** Whether a thread may know an answer without parsing the mail where the main thread doesn't. */
export function asksForRegex(query: Query): boolean {
  if (query.match === 'all' || query.match === 'any') return query.of.some(asksForRegex);
  return query.match === 'not' ? asksForRegex(query.of) : hasRegex(query);
}

function matcherFor(query: Query): Matcher {
  switch (query.match) {
    case 'everything':
      return () => true;
    case 'all':
      return every(query.of.map(matcherOf));
    case 'any':
      return some(query.of.map(matcherOf));
    case 'not': {
      const matcher = matcherOf(query.of);
      return (candidate, now) => not(matcher(candidate, now));
    }
    case 'any-text':
      return anywhere(termTest(query.value));
    case 'subject':
      return inHead(termTest(query.value), ({ subject }, test) => test.holds(fold(subject ?? '')));
    case 'text': {
      const test = termTest(query.value);
      return (candidate) => inBody(candidate, test);
    }
    case 'html':
      return inHtml(termTest(query.value));
    case 'filename': {
      const test = termTest(query.value);
      return ({ summary }) => (summary.attachments === null ? 'unknown' : fileNamed(test, summary));
    }
    case 'address':
      return inAddresses(query.field, query.value);
    case 'header':
      return inHeaders(query.name, query.value === null ? null : termTest(query.value));
    case 'user': {
      const name = fold(query.value);
      return ({ summary }) => {
        const username = senderOf(summary);
        return username !== null && fold(username) === name;
      };
    }
    case 'tag': {
      const wanted = fold(query.value);
      return ({ summary }) => summary.tags.some((tag) => fold(tag) === wanted);
    }
    case 'id':
      return ({ summary }) => summary.id === query.value;
    case 'read':
      return ({ summary }) => summary.read === query.value;
    case 'pinned':
      return ({ summary }) => summary.pinned;
    case 'has':
      return (candidate) => has(query.what, candidate);
    case 'larger':
      return ({ summary }) => summary.size > query.octets;
    case 'smaller':
      return ({ summary }) => summary.size < query.octets;
    case 'after':
      return ({ summary }) => summary.receivedAt.getTime() >= query.time;
    case 'before':
      return ({ summary }) => summary.receivedAt.getTime() < query.time;
    case 'newer':
      return ({ summary }, now) => now - summary.receivedAt.getTime() < query.ms;
    case 'older':
      return ({ summary }, now) => now - summary.receivedAt.getTime() >= query.ms;
    case 'mailbox':
      return ({ summary }) => inMailbox(query.name, summary);
  }
}

function anywhere(test: TermTest): Matcher {
  return (candidate) => {
    if (test.holds(candidate.head)) return true;
    return (candidate.body !== null && fileNamed(test, candidate.summary)) || inBody(candidate, test);
  };
}

function inBody({ body }: Candidate, test: TermTest): Verdict {
  if (body === null) return 'unknown';
  if (!mayHold(body.signature, test.bits)) return false;
  const { text } = body;
  return text === null ? 'unknown' : test.holds(text);
}

/** In chars: a longer head is not folded field by field on the main thread. */
const LONG_HEAD = 65_536;

/** What is part of a header field is part of the head: looking there first leaves few fields to be folded. */
function inHead(test: TermTest, ask: (summary: Summary, test: TermTest) => boolean): Matcher {
  const { part } = test;
  return ({ summary, head, isPatient }) => {
    if (part !== null && !test.holds(head)) return false;
    return head.length > LONG_HEAD && !isPatient ? 'unknown' : ask(summary, test);
  };
}

function inHtml(test: TermTest): Matcher {
  return ({ body, content }) => {
    if (content) return content.html !== null && test.holds(foldOnce(content.html));
    // A mail without HTML need not be parsed again to know that nothing is in it.
    return body === null || body.html ? 'unknown' : false;
  };
}

/** Several tests of one mail come one after another. */
let lastFolded = { text: '', folded: '' };
function foldOnce(text: string): string {
  if (lastFolded.text !== text) lastFolded = { text, folded: fold(text) };
  return lastFolded.folded;
}

function inHeaders(name: string, test: TermTest | null): Matcher {
  const wanted = name.toLowerCase();
  return (candidate) => {
    const fields = candidate.content?.headers ?? candidate.headers?.();
    if (!fields) return 'unknown';
    return fields.some(
      (field) => field.name.toLowerCase() === wanted && (test === null || test.holds(fold(field.value))),
    );
  };
}

function has(what: Having, { summary, body }: Candidate): Verdict {
  // The session and the envelope are known at once, the header and the body when the mail has been parsed.
  if (what === 'warning') return summary.warnings.length > 0 || (body === null ? 'unknown' : false);
  if (what !== 'attachment') return body === null ? 'unknown' : body[what];
  return summary.attachments === null ? 'unknown' : summary.attachments.some(({ inline }) => !inline);
}

function fileNamed(test: TermTest, { attachments }: Summary): boolean {
  return attachments?.some(({ filename }) => filename !== null && test.holds(fold(filename))) ?? false;
}

function inAddresses(field: AddressField, term: Term): Matcher {
  const test = termTest(term);
  // A full address must be all of it: `ada@shop.test`, but not `ada@` nor `@shop.test`, which ask for a part.
  const whole = typeof term === 'string' && /^[^@\s]+@[^@\s]+$/.test(term);
  const is = ({ name, address }: Address) =>
    whole ? fold(address) === test.part : test.holds(fold(address)) || test.holds(fold(name));
  return inHead(test, (summary) => addressesIn(summary, field).some(is));
}

function addressesIn(summary: Summary, field: AddressField): readonly Address[] {
  switch (field) {
    case 'from':
      return summary.from ? [summary.from] : [];
    case 'rcpt':
      return recipientsOf(summary).map((address) => ({ name: '', address }));
    default:
      return summary[field];
  }
}
