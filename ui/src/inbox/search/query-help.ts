import { FIELDS, type Field, SECTIONS } from '../../../../wire/query/fields.ts';

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
      { query: '-newsletter', finds: 'Mail without this; works with every field' },
      { query: 'invoice OR receipt', finds: 'Either of them' },
      { query: '(to:ada OR to:bob) is:unread', finds: 'Parentheses group terms' },
      { query: 'subject:/order \\d+/', finds: 'A regular expression, in any field with text; case never matters' },
    ],
  },
  ...SECTIONS.map((title) => ({ title, examples: examplesOf(title) })),
];

function examplesOf(section: Field['section']): readonly Example[] {
  return Object.entries<Field>(FIELDS)
    .filter(([, field]) => field.section === section)
    .map(([name, { example, finds }]) => ({ query: `${name}:${example}`, finds }));
}

/** A query with an example appended. `from` and `to` delimit the value of the example, which is to be selected. */
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
