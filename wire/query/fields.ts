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

const HEADER: Mapping<'header'> = {
  kind: 'header',
  query: ({ name, value }) => ({ match: 'header', name, value }),
  valueOf: (query) => (query.match === 'header' ? query : null),
};

const HAS: Mapping<'having'> = {
  kind: 'having',
  query: (what) => ({ match: 'has', what }),
  valueOf: (query) => (query.match === 'has' ? query.what : null),
};

const IS: Mapping<'state'> = {
  kind: 'state',
  query(word) {
    const { flag, value } = STATES.get(word) ?? { flag: 'read', value: false };
    return { match: 'flag', flag, value };
  },
  valueOf: (query) => (query.match === 'flag' ? FLAGS[query.flag][query.value ? 'on' : 'off'] : null),
};

export const FIELDS = {
  from: { ...people('shop', 'Sender, name or address'), ...address('from') },
  to: { ...people('ada@example.org', 'Recipient; a full address is matched whole'), ...address('to') },
  cc: { ...people('team', 'Copy'), ...address('cc') },
  bcc: { ...people('audit', 'Recipient that no header names'), ...address('bcc') },
  rcpt: { ...people('ada@example.org', 'Any recipient the mail was delivered to'), ...address('rcpt') },
  user: { ...people('worker-3', 'Name the app signed in with'), ...whole('user') },
  subject: { ...content('welcome', 'In the subject'), ...text('subject') },
  text: { ...content('"best wishes"', 'In the text'), ...text('text') },
  html: { ...content('"<table"', 'In the HTML, as sent'), ...text('html') },
  header: { ...content('X-Mailer=acme', 'A header field; without =value, any value'), ...HEADER },
  filename: { ...content('invoice.pdf', 'Name of an attachment or inline part'), ...text('filename') },
  has: { ...content('attachment', `Also ${others(HAVINGS, 'attachment', 'has')}`), ...HAS },
  is: { ...facts('unread', `Also ${others(STATE_WORDS, 'unread', 'is')}`), ...IS },
  tag: { ...facts('billing', 'With this tag'), ...whole('tag') },
  id: { ...facts('01hzy3v9k2', 'The mail with this id'), ...whole('id') },
  larger: { ...facts('100k', 'Larger than this, as raw mail; units are k, m and g'), ...octets('larger') },
  smaller: { ...facts('2m', 'Smaller than this'), ...octets('smaller') },
  newer: { ...facts('10m', 'Received within this time: s, m, h, d, w'), ...span('newer') },
  older: { ...facts('2d', 'Received longer ago'), ...span('older') },
  after: { ...facts('2026-01-31', 'Received on that day or later, in UTC'), ...time('after') },
  before: { ...facts('2026-01-31T12:00', 'Received before that time'), ...time('before') },
} as const satisfies Readonly<Record<string, Field>>;

export type FieldName = keyof typeof FIELDS;

export function isField(word: string): word is FieldName {
  return Object.hasOwn(FIELDS, word);
}

/** How the help shows a field, by section. */
type Shown = Pick<Field, 'section' | 'example' | 'finds'>;
function people(example: string, finds: string): Shown {
  return { section: 'People', example, finds };
}
function content(example: string, finds: string): Shown {
  return { section: 'Content', example, finds };
}
function facts(example: string, finds: string): Shown {
  return { section: 'State, size and time', example, finds };
}

/** How a field's value becomes a query, and back. */
type Mapping<K extends keyof Values> = Omit<FieldOf<K>, keyof Shown>;

function address(field: AddressField): Mapping<'term'> {
  return {
    kind: 'term',
    query: (value) => ({ match: 'address', field, value }),
    valueOf: (query) => (query.match === 'address' && query.field === field ? query.value : null),
  };
}

function text(match: 'subject' | 'text' | 'html' | 'filename'): Mapping<'term'> {
  return {
    kind: 'term',
    query: (value) => ({ match, value }),
    valueOf: (query) => (query.match === match ? query.value : null),
  };
}

function whole(match: 'user' | 'tag' | 'id'): Mapping<'whole'> {
  return {
    kind: 'whole',
    query: (value) => ({ match, value }),
    valueOf: (query) => (query.match === match ? query.value : null),
  };
}

function octets(match: 'larger' | 'smaller'): Mapping<'octets'> {
  return {
    kind: 'octets',
    query: (octets) => ({ match, octets }),
    valueOf: (query) => (query.match === match ? query.octets : null),
  };
}

function time(match: 'after' | 'before'): Mapping<'time'> {
  return {
    kind: 'time',
    query: (time) => ({ match, time }),
    valueOf: (query) => (query.match === match ? query.time : null),
  };
}

function span(match: 'newer' | 'older'): Mapping<'span'> {
  return {
    kind: 'span',
    query: (ms) => ({ match, ms }),
    valueOf: (query) => (query.match === match ? query.ms : null),
  };
}

/** The other values of a field, as listed in the help. */
function others(values: readonly string[], shown: string, field: string): string {
  return values.flatMap((value) => (value === shown ? [] : [`${field}:${value}`])).join(', ');
}
