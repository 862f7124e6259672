import type { AddressField, Having, Query, Term } from '../../../wire/query/query.ts';
import { inMailbox, recipientsOf, senderOf } from '../delivery.ts';
import type { Address, Content, Header, Summary } from '../message.ts';
import { charsOf, Inquiry } from './inquiry.ts';
import { mayHold, type Signature, signatureOf } from './signature.ts';
import { fold, type TermTest, termTest } from './term.ts';
import { every, type Matcher, not, some, type Verdict } from './verdict.ts';

/** What a query is matched against. The more is given, the fewer verdicts are `unknown`. */
export interface Candidate {
  readonly summary: Summary;
  /** Subject, names, addresses, folded: see `searchableHead`. */
  readonly head: string | null;
  /** What searches need of the body; null until it has been parsed. */
  readonly body: Body | null;
  /** The whole parsed mail, if available. */
  readonly content?: Content;
  /** The header fields, if available without parsing the mail. */
  readonly headers?: readonly Header[];
  /** True in a thread, where a verdict may take long. Elsewhere such a verdict is `unknown`. */
  readonly isPatient?: boolean;
}

/** What is kept of a parsed mail so that it can be searched quickly. */
export interface Body {
  /** The visible text, folded; null when it is not at hand. */
  readonly text: string | null;
  readonly signature: Signature;
  readonly html: boolean;
  readonly link: boolean;
  readonly code: boolean;
}

/** Slow: call it in a thread. */
export function bodyOf({ searchText, html, links, codes }: Content): Body {
  const text = fold(searchText);
  return { text, signature: signatureOf(text), html: html !== null, link: links.length > 0, code: codes.length > 0 };
}

const matchers = new WeakMap<Query, Matcher>();

/**
 * Matches in three values, so that a mail is parsed only when the verdict depends on it.
 * @param now for relative dates, Unix time in ms
 */
export function matches(query: Query, candidate: Candidate, now: number): Verdict {
  return matcherOf(query)(new Inquiry(candidate, now));
}

/** Compiles a query once, to match many mails. */
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
  return (inquiry) => (inquiry.candidate.isPatient ? matcher(inquiry) : 'unknown');
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
      return (inquiry) => not(matcher(inquiry));
    }
    case 'any-text':
      return anywhere(termTest(query.value));
    case 'subject':
      return inHead(termTest(query.value), ({ subject }, test) => test.holds(fold(subject ?? '')));
    case 'text': {
      const test = termTest(query.value);
      return (inquiry) => inBody(inquiry, test);
    }
    case 'html':
      return inHtml(termTest(query.value));
    case 'filename': {
      const test = termTest(query.value);
      return (inquiry) => (inquiry.candidate.summary.attachments === null ? 'unknown' : fileNamed(inquiry, test));
    }
    case 'address':
      return inAddresses(query.field, query.value);
    case 'header':
      return inHeaders(query.name, query.value === null ? null : termTest(query.value));
    case 'user': {
      const name = fold(query.value);
      return (inquiry) => {
        const username = senderOf(inquiry.candidate.summary);
        if (username === null) return false;
        return inquiry.mayLook(FOLDING * username.length) ? fold(username) === name : 'unknown';
      };
    }
    case 'tag': {
      const wanted = fold(query.value);
      return (inquiry) => (inquiry.mayLook(0) ? inquiry.tags.has(wanted) : 'unknown');
    }
    case 'id':
      return ({ candidate: { summary } }) => summary.id === query.value;
    case 'flag':
      return ({ candidate: { summary } }) => summary[query.flag] === query.value;
    case 'has':
      return ({ candidate }) => has(query.what, candidate);
    case 'larger':
      return ({ candidate: { summary } }) => summary.size > query.octets;
    case 'smaller':
      return ({ candidate: { summary } }) => summary.size < query.octets;
    case 'after':
      return ({ candidate: { summary } }) => summary.receivedAt.getTime() >= query.time;
    case 'before':
      return ({ candidate: { summary } }) => summary.receivedAt.getTime() < query.time;
    case 'newer':
      return ({ candidate: { summary }, now }) => now - summary.receivedAt.getTime() < query.ms;
    case 'older':
      return ({ candidate: { summary }, now }) => now - summary.receivedAt.getTime() >= query.ms;
    case 'mailbox':
      return ({ candidate: { summary } }) => inMailbox(query.name, summary);
  }
}

function anywhere(test: TermTest): Matcher {
  return (inquiry) => {
    const { head } = inquiry.candidate;
    if (head === null || !inquiry.mayLook(head.length)) return 'unknown';
    if (test.holds(head)) return true;
    const named = fileNamed(inquiry, test);
    return named === false ? inBody(inquiry, test) : named;
  };
}

function inBody(inquiry: Inquiry, test: TermTest): Verdict {
  const { body } = inquiry.candidate;
  if (body === null) return 'unknown';
  if (!mayHold(body.signature, test.bits)) return false;
  if (inquiry.isSpent) return 'unknown';
  const { text } = inquiry;
  return text !== null && inquiry.mayLook(text.length) ? test.holds(text) : 'unknown';
}

/** Folding a text costs about as much as searching this many times its length. */
const FOLDING = 8;

/** In chars: a longer head is not folded field by field on the main thread. */
const LONG_HEAD = 65_536;

/** A part of a header field is also in the head: checking that first leaves few fields to fold. */
function inHead(test: TermTest, ask: (summary: Summary, test: TermTest) => boolean): Matcher {
  const { part } = test;
  return (inquiry) => {
    const { summary, head, isPatient } = inquiry.candidate;
    if (head === null || !inquiry.mayLook(head.length)) return 'unknown';
    if (part !== null && !test.holds(head)) return false;
    if (head.length > LONG_HEAD && !isPatient) return 'unknown';
    return inquiry.mayLook(FOLDING * head.length) ? ask(summary, test) : 'unknown';
  };
}

function inHtml(test: TermTest): Matcher {
  return (inquiry) => {
    const { body, content } = inquiry.candidate;
    if (content) return content.html !== null && test.holds(inquiry.html(content.html));
    // A mail without HTML need not be parsed again to know that nothing is in it.
    return body === null || body.html ? 'unknown' : false;
  };
}

function inHeaders(name: string, test: TermTest | null): Matcher {
  const wanted = name.toLowerCase();
  return (inquiry) => {
    const { fields } = inquiry;
    if (!fields) return 'unknown';
    const values = fields.get(wanted);
    if (!values || test === null) return values !== undefined;
    return inquiry.mayLook(values.chars) ? values.folded.some((value) => test.holds(value)) : 'unknown';
  };
}

function has(what: Having, { summary, body }: Candidate): Verdict {
  // The session and the envelope are known at once, the header and the body when the mail has been parsed.
  if (what === 'warning') return summary.warnings.length > 0 || (body === null ? 'unknown' : false);
  if (what !== 'attachment') return body === null ? 'unknown' : body[what];
  return summary.attachments === null ? 'unknown' : summary.attachments.some(({ inline }) => !inline);
}

function fileNamed(inquiry: Inquiry, test: TermTest): Verdict {
  if (inquiry.isSpent) return 'unknown';
  const { filenames } = inquiry;
  if (filenames.length === 0) return false;
  return inquiry.mayLook(charsOf(filenames)) ? filenames.some((name) => test.holds(name)) : 'unknown';
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
