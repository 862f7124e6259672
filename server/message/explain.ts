import { type Candidate, matches } from './matches.ts';
import type { Content } from './message.ts';
import type { AddressField, Query, Term } from './query.ts';
import { printQuery } from './query-print.ts';

/** One thing that keeps a mail from being what was asked for. */
export interface Miss {
  /** Like `subject` or `to`. */
  readonly field: string;
  readonly expected: string;
  readonly actual: string;
}

/** A mail with its parsed content: with it no answer is unknown. */
export type Whole = Candidate & { readonly content: Content };

/** Why a mail does not match: nothing when it does. Of alternatives, what the nearest one misses. */
export function missesOf(query: Query, whole: Whole, now: number): readonly Miss[] {
  if (matches(query, whole, now) === true) return [];
  switch (query.match) {
    case 'all':
      return query.of.flatMap((of) => missesOf(of, whole, now));
    case 'any': {
      const each = query.of.map((of) => missesOf(of, whole, now));
      return each.reduce((fewest, misses) => (misses.length < fewest.length ? misses : fewest));
    }
    case 'not':
      return [{ ...describe(query.of, whole), expected: `not ${printQuery(query.of)}` }];
    default:
      return [describe(query, whole)];
  }
}

function describe(query: Query, { summary, content }: Whole): Miss {
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
        actual: listText(content.attachments.map(({ filename }) => filename ?? 'unnamed')),
      };
    case 'header': {
      const values = content.headers.filter(({ name }) => name.toLowerCase() === query.name.toLowerCase());
      const expected = query.value === null ? 'to be there' : termText(query.value);
      return { field: `header ${query.name}`, expected, actual: listText(values.map(({ value }) => value)) };
    }
    case 'user':
      return { field: 'user', expected: quoted(query.value), actual: quoted(summary.username) };
    case 'tag':
      return { field: 'tag', expected: quoted(query.value), actual: listText(summary.tags) };
    case 'read':
      return { field: 'is', expected: query.value ? 'read' : 'unread', actual: summary.read ? 'read' : 'unread' };
    case 'pinned':
      return { field: 'is', expected: 'pinned', actual: 'not pinned' };
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

/** A value as a report shows it, in quotes and not too long; `none` for what isn't there. */
export function quoted(text: string | null): string {
  return text === null ? 'none' : JSON.stringify(shortened(text));
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

function shortened(text: string): string {
  // White space folds, so a little more than is shown is looked at.
  const line = text
    .slice(0, 10 * MAX_SHOWN)
    .replaceAll(/\s+/g, ' ')
    .trim();
  return line.length > MAX_SHOWN ? `${line.slice(0, MAX_SHOWN)}…` : line;
}
