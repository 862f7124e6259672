import type { Message } from '../../../client/index.ts';

/** One URL, however often it occurs in the mail. */
export interface LinkRow {
  readonly url: string;
  /** The link text; null if it is the URL itself. */
  readonly text: string | null;
  readonly sources: readonly ('html' | 'text')[];
}

/** The HTML and the text usually have the same links, so each URL is one row that says where it occurs. */
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

/** Whether the URL may be clickable. */
export function canBeOpened(url: string): boolean {
  return URL.canParse(url) && ['http:', 'https:', 'mailto:'].includes(new URL(url).protocol);
}

/** Splits six or eight digits in half, which is easier to read. */
export function groupsOf(code: string): readonly string[] {
  if (!/^(?:\d{6}|\d{8})$/.test(code)) return [code];
  return [code.slice(0, code.length / 2), code.slice(code.length / 2)];
}
