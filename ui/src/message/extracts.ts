import type { Message } from '../../../client/index.ts';

/** One URL, however often the mail has it. */
export interface LinkRow {
  readonly url: string;
  /** What a reader sees of it; null where that is the URL itself. */
  readonly text: string | null;
  readonly sources: readonly ('html' | 'text')[];
}

/** The HTML and the text of a mail mostly have the same links: each is one row that says where it is. */
export function linkRows(links: Message['links']): readonly LinkRow[] {
  const rows = new Map<string, LinkRow>();
  for (const { url, text, source } of links) {
    const known = rows.get(url);
    const said = text === '' || text === url ? null : text;
    const sources = known?.sources ?? [];
    rows.set(url, {
      url,
      text: known?.text ?? said,
      sources: sources.includes(source) ? sources : [...sources, source],
    });
  }
  return [...rows.values()];
}

/** The only kinds that are ever made clickable. */
export function canBeOpened(url: string): boolean {
  return URL.canParse(url) && ['http:', 'https:', 'mailto:'].includes(new URL(url).protocol);
}

/** Groups of a code that are easier to read than the whole: six and eight digits are halved. */
export function groupsOf(code: string): readonly string[] {
  if (!/^(?:\d{6}|\d{8})$/.test(code)) return [code];
  return [code.slice(0, code.length / 2), code.slice(code.length / 2)];
}
