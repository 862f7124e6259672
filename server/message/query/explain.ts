import { escaped } from '../../../wire/escaped.ts';
import { FLAGS } from '../../../wire/flags.ts';
import { printQuery } from '../../../wire/query/print.ts';
import type { AddressField, Query, Term } from '../../../wire/query/query.ts';
import type { Content } from '../message.ts';
import { Inquiry } from './inquiry.ts';
import { type Candidate, matcherOf } from './matches.ts';
import type { Verdict } from './verdict.ts';

/** One reason why a mail does not match. */
export interface Miss {
  /** Like `subject` or `to`. */
  readonly field: string;
  readonly expected: string;
  readonly actual: string;
}

/** A mail with its parsed content, for which no verdict is unknown. */
export type Whole = Candidate & { readonly content: Content };

/**
 * Why a mail does not match; empty when it does. For alternatives, the misses of the closest one. If the mail has not
 * been parsed, whatever depends on its body is a miss that says so.
 */
export function missesOf(query: Query, candidate: Candidate, now: number): readonly Miss[] {
  return missesIn(query, new Inquiry(candidate, now));
}

function missesIn(query: Query, inquiry: Inquiry): readonly Miss[] {
  const { candidate } = inquiry;
  const verdict = matcherOf(query)(inquiry);
  if (verdict === true) return [];
  switch (query.match) {
    case 'all':
      return query.of.flatMap((of) => missesIn(of, inquiry));
    case 'any': {
      const each = query.of.map((of) => missesIn(of, inquiry));
      return each.reduce((fewest, misses) => (misses.length < fewest.length ? misses : fewest));
    }
    case 'not':
      return [{ ...describe(query.of, candidate, verdict), expected: `not ${printQuery(query.of)}` }];
    default:
      return [describe(query, candidate, verdict)];
  }
}

/** Placeholder for an unparsed mail; its values are never shown. */
const UNREAD: Pick<Content, 'preview' | 'html' | 'headers'> = { preview: '', html: null, headers: [] };

const NOT_KNOWN = 'not known: it was still being parsed';

/** Whether a thread, which has the whole mail, can say more. */
export function isOpen({ actual }: Miss): boolean {
  return actual === NOT_KNOWN;
}

function describe(query: Query, candidate: Candidate, verdict: Verdict): Miss {
  const miss = described(query, candidate);
  return verdict === 'unknown' ? { ...miss, actual: NOT_KNOWN } : miss;
}

type Described = Pick<Candidate, 'summary'> & { readonly content?: typeof UNREAD };

function described(query: Query, { summary, content = UNREAD }: Described): Miss {
  switch (query.match) {
    case 'subject':
      return { field: 'subject', expected: termText(query.value), actual: quoted(summary.subject) };
    case 'address':
      return { field: query.field, expected: termText(query.value), actual: addressText(query.field, summary) };
    case 'any-text':
      return {
        field: 'anywhere',
        expected: termText(query.value),
        actual: `${quoted(summary.subject)}, ${quoted(content.preview)}`,
      };
    case 'text':
      return { field: 'text', expected: termText(query.value), actual: quoted(content.preview) };
    case 'html':
      return {
        field: 'html',
        expected: termText(query.value),
        actual: content.html === null ? 'no HTML' : quoted(shortened(content.html)),
      };
    case 'filename':
      return {
        field: 'filename',
        expected: termText(query.value),
        actual: listText((summary.attachments ?? []).map(({ filename }) => filename ?? 'unnamed')),
      };
    case 'header': {
      const values = content.headers.filter(({ name }) => name.toLowerCase() === query.name.toLowerCase());
      const expected = query.value === null ? 'to be present' : termText(query.value);
      return { field: `header ${query.name}`, expected, actual: listText(values.map(({ value }) => value)) };
    }
    case 'user':
      return { field: 'user', expected: quoted(query.value), actual: quoted(summary.username) };
    case 'tag':
      return { field: 'tag', expected: quoted(query.value), actual: listText(summary.tags) };
    case 'flag': {
      const { on, off } = FLAGS[query.flag];
      const word = (value: boolean) => (value ? on : (off ?? `not ${on}`));
      return { field: 'is', expected: word(query.value), actual: word(summary[query.flag]) };
    }
    case 'has':
      return { field: 'has', expected: query.what, actual: 'none' };
    case 'larger':
    case 'smaller':
      return { field: 'size', expected: `${query.match} than ${query.octets}`, actual: String(summary.size) };
    case 'after':
    case 'before':
      return {
        field: 'received',
        expected: `${query.match} ${new Date(query.time).toISOString()}`,
        actual: summary.receivedAt.toISOString(),
      };
    default:
      return {
        field: query.match,
        expected: printQuery(query),
        actual: `${summary.receivedAt.toISOString()}, id ${summary.id}`,
      };
  }
}

/** A value as a report shows it: in quotes, not too long, and nothing that acts on a terminal; `none` for what isn't there. */
export function quoted(text: string | null): string {
  return text === null ? 'none' : escaped(JSON.stringify(shortened(text)));
}

const MOST_LISTED = 10;

export function listText(texts: readonly string[]): string {
  if (texts.length === 0) return 'none';
  const more = texts.length - MOST_LISTED;
  return texts.slice(0, MOST_LISTED).map(quoted).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

function termText(term: Term): string {
  return typeof term === 'string' ? quoted(term) : `/${term.regex}/`;
}

function addressText(field: AddressField, { from, to, cc, bcc, envelope }: Candidate['summary']): string {
  const addresses =
    field === 'rcpt' ? envelope.to : { from: from ? [from] : [], to, cc, bcc }[field].map(({ address }) => address);
  return listText(addresses);
}

const MAX_SHOWN = 120;
/** Of a text that begins with white space, so that the rest of a large one is not touched. */
const MAX_LOOKED_AT = 4096;

function shortened(text: string): string {
  const line = text.slice(0, MAX_LOOKED_AT).replaceAll(/\s+/g, ' ').trim();
  const isLong = line.length > MAX_SHOWN || text.length > MAX_LOOKED_AT;
  return isLong ? `${line.slice(0, MAX_SHOWN).replace(/[\ud800-\udbff]$/, '')}…` : line;
}
