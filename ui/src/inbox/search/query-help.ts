export interface Example {
  readonly query: string;
  /** What it finds. */
  readonly finds: string;
}

/** The search language by example. */
export const QUERY_HELP: readonly { readonly title: string; readonly examples: readonly Example[] }[] = [
  {
    title: 'Words',
    examples: [
      { query: 'reset password', finds: 'Both words, anywhere in the mail' },
      { query: '"reset your password"', finds: 'These words in this order' },
      { query: '-newsletter', finds: 'Mail without it; works with every field' },
      { query: 'invoice OR receipt', finds: 'Either of them' },
      { query: '(to:ada OR to:bob) is:unread', finds: 'Parentheses group' },
      { query: 'subject:/order \\d+/', finds: 'A regular expression, in any field with text' },
    ],
  },
  {
    title: 'People',
    examples: [
      { query: 'from:shop', finds: 'Sender, name or address' },
      { query: 'to:ada@example.org', finds: 'Recipient; a full address is matched whole' },
      { query: 'cc:team', finds: 'Copy' },
      { query: 'bcc:audit', finds: 'Recipient that no header names' },
      { query: 'rcpt:ada@example.org', finds: 'Any recipient the mail was delivered to' },
      { query: 'user:worker-3', finds: 'Name the app signed in with' },
    ],
  },
  {
    title: 'Content',
    examples: [
      { query: 'subject:welcome', finds: 'In the subject' },
      { query: 'text:"best wishes"', finds: 'In the text' },
      { query: 'html:"<table"', finds: 'In the HTML, as sent' },
      { query: 'header:X-Mailer=acme', finds: 'A header; without =value, that it is there' },
      { query: 'filename:invoice.pdf', finds: 'Name of an attachment' },
      { query: 'has:attachment', finds: 'Also has:html, has:link, has:code, has:warning' },
    ],
  },
  {
    title: 'State, size and time',
    examples: [
      { query: 'is:unread', finds: 'Also is:read, is:pinned' },
      { query: 'tag:billing', finds: 'With this tag' },
      { query: 'id:01hzy3v9k2', finds: 'The mail with this id' },
      { query: 'larger:100k', finds: 'Raw size; smaller: is the other way' },
      { query: 'smaller:2m', finds: 'Units are k, m and g' },
      { query: 'newer:10m', finds: 'Received in this time: s, m, h, d, w' },
      { query: 'older:2d', finds: 'Received longer ago' },
      { query: 'after:2026-01-31', finds: 'Received on that day or later, in UTC' },
      { query: 'before:2026-01-31T12:00', finds: 'Received before that time' },
    ],
  },
];

/** A query with an example put behind it, and which stretch of it to type over: the example's value. */
export interface Inserted {
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

export function insertExample(text: string, example: string): Inserted {
  const kept = text.trim() === '' ? '' : `${text.trimEnd()} `;
  const field = /^-?[a-z]+:(?:[\w-]+=)?/.exec(example)?.[0] ?? '';
  const quoted = /^[/"].*[/"]$/.test(example.slice(field.length)) ? 1 : 0;
  const from = kept.length + field.length + quoted;
  return { text: kept + example, from, to: kept.length + example.length - quoted };
}
