import { FLAG_NAMES, FLAGS, type Flag } from '../flags.ts';
import { type AddressField, HAVINGS, type Having, type Query, type Term } from './query.ts';

/*
 * Every field of the query language. Parsing, printing, queries as data, the search help and the table in
 * docs/queries.md all use this table. `server/message/query/matches.ts` does the matching; a query that it does not
 * handle does not compile.
 */

/** The value of a field, by its kind. */
export interface Values {
  /** A text to find, or a regular expression. */
  readonly term: Term;
  /** The whole text, ignoring case. */
  readonly whole: string;
  readonly octets: number;
  /** Unix time in milliseconds. */
  readonly time: number;
  /** In milliseconds. */
  readonly span: number;
  /** A header field by name; with a value, one that matches it. */
  readonly header: { readonly name: string; readonly value: Term | null };
  /** A flag's word, like `unread`. */
  readonly state: string;
  readonly having: Having;
}

/** The words for flags and their meanings. */
const STATES = new Map<string, { readonly flag: Flag; readonly value: boolean }>();
for (const flag of FLAG_NAMES) {
  const { on, off } = FLAGS[flag];
  STATES.set(on, { flag, value: true });
  if (off !== null) STATES.set(off, { flag, value: false });
}
export const STATE_WORDS: readonly string[] = [...STATES.keys()];

export const SECTIONS = ['People', 'Content', 'State, size and time'] as const;

/** One field of the query language. */
export interface FieldOf<K extends keyof Values> {
  readonly kind: K;
  readonly section: (typeof SECTIONS)[number];
  /** A value to show in help and errors. */
  readonly example: string;
  /** What it finds, for people. */
  readonly finds: string;
  query(value: Values[K]): Query;
  /** The value that `query` would turn into this query; null if it is a query on another field. */
  valueOf(query: Query): Values[K] | null;
}
export type Field = { [K in keyof Values]: FieldOf<K> }[keyof Values];

export const FIELDS = {
  from: address('from', 'shop', 'Sender, name or address'),
  to: address('to', 'ada@example.org', 'Recipient; a full address is matched whole'),
  cc: address('cc', 'team', 'Copy'),
  bcc: address('bcc', 'audit', 'Recipient that no header names'),
  rcpt: address('rcpt', 'ada@example.org', 'Any recipient the mail was delivered to'),
  user: whole('user', 'People', 'worker-3', 'Name the app signed in with'),
  subject: text('subject', 'welcome', 'In the subject'),
  text: text('text', '"best wishes"', 'In the text'),
  html: text('html', '"<table"', 'In the HTML, as sent'),
  header: {
    kind: 'header',
    section: 'Content',
    example: 'X-Mailer=acme',
    finds: 'A header; without =value, that it is there',
    query: ({ name, value }) => ({ match: 'header', name, value }),
    valueOf: (query) => (query.match === 'header' ? query : null),
  } satisfies FieldOf<'header'>,
  filename: text('filename', 'invoice.pdf', 'Name of an attachment or inline part'),
  has: {
    kind: 'having',
    section: 'Content',
    example: 'attachment',
    finds: `Also ${others(HAVINGS, 'attachment', 'has')}`,
    query: (what) => ({ match: 'has', what }),
    valueOf: (query) => (query.match === 'has' ? query.what : null),
  } satisfies FieldOf<'having'>,
  is: {
    kind: 'state',
    section: 'State, size and time',
    example: 'unread',
    finds: `Also ${others(STATE_WORDS, 'unread', 'is')}`,
    query(word) {
      const { flag, value } = STATES.get(word) ?? { flag: 'read', value: false };
      return { match: 'flag', flag, value };
    },
    valueOf: (query) => (query.match === 'flag' ? FLAGS[query.flag][query.value ? 'on' : 'off'] : null),
  } satisfies FieldOf<'state'>,
  tag: whole('tag', 'State, size and time', 'billing', 'With this tag'),
  id: whole('id', 'State, size and time', '01hzy3v9k2', 'The mail with this id'),
  larger: octets('larger', '100k', 'Larger than this, as raw mail; units are k, m and g'),
  smaller: octets('smaller', '2m', 'Smaller than this'),
  newer: span('newer', '10m', 'Received within this time: s, m, h, d, w'),
  older: span('older', '2d', 'Received longer ago'),
  after: time('after', '2026-01-31', 'Received on that day or later, in UTC'),
  before: time('before', '2026-01-31T12:00', 'Received before that time'),
} as const satisfies Readonly<Record<string, Field>>;

export type FieldName = keyof typeof FIELDS;

export function isField(word: string): word is FieldName {
  return Object.hasOwn(FIELDS, word);
}

function address(field: AddressField, example: string, finds: string): FieldOf<'term'> {
  return {
    kind: 'term',
    section: 'People',
    example,
    finds,
    query: (value) => ({ match: 'address', field, value }),
    valueOf: (query) => (query.match === 'address' && query.field === field ? query.value : null),
  };
}

function text(match: 'subject' | 'text' | 'html' | 'filename', example: string, finds: string): FieldOf<'term'> {
  return {
    kind: 'term',
    section: 'Content',
    example,
    finds,
    query: (value) => ({ match, value }),
    valueOf: (query) => (query.match === match ? query.value : null),
  };
}

function whole(
  match: 'user' | 'tag' | 'id',
  section: Field['section'],
  example: string,
  finds: string,
): FieldOf<'whole'> {
  return {
    kind: 'whole',
    section,
    example,
    finds,
    query: (value) => ({ match, value }),
    valueOf: (query) => (query.match === match ? query.value : null),
  };
}

function octets(match: 'larger' | 'smaller', example: string, finds: string): FieldOf<'octets'> {
  return {
    kind: 'octets',
    section: 'State, size and time',
    example,
    finds,
    query: (octets) => ({ match, octets }),
    valueOf: (query) => (query.match === match ? query.octets : null),
  };
}

function time(match: 'after' | 'before', example: string, finds: string): FieldOf<'time'> {
  return {
    kind: 'time',
    section: 'State, size and time',
    example,
    finds,
    query: (time) => ({ match, time }),
    valueOf: (query) => (query.match === match ? query.time : null),
  };
}

function span(match: 'newer' | 'older', example: string, finds: string): FieldOf<'span'> {
  return {
    kind: 'span',
    section: 'State, size and time',
    example,
    finds,
    query: (ms) => ({ match, ms }),
    valueOf: (query) => (query.match === match ? query.ms : null),
  };
}

/** The other values of a field, as listed in the help. */
function others(values: readonly string[], shown: string, field: string): string {
  return values.flatMap((value) => (value === shown ? [] : [`${field}:${value}`])).join(', ');
}
