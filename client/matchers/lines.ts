import { escaped } from '../../wire/escaped.ts';

/** Pads a report's cells into columns; a cell longer than 48 characters shifts only the rest of its own row. */
export function aligned(rows: readonly (readonly string[])[]): string[] {
  const shown = rows.map((row) => row.map(escaped));
  const widths = (shown[0] ?? []).map((_, i) => Math.min(48, Math.max(...shown.map((row) => row[i]?.length ?? 0))));
  return shown.map((row) =>
    row
      .map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}

const SHOWN_CHARACTERS = 100;

/** A quoted text with invisible characters escaped; of a long text, a part that begins shortly before `at`. */
export function quoted(text: string, at = 0): string {
  const start = at < SHOWN_CHARACTERS ? 0 : at - SHOWN_CHARACTERS / 2;
  const end = start + SHOWN_CHARACTERS;
  const shown = escaped(JSON.stringify(text.slice(start, end)));
  return `${start > 0 ? '...' : ''}${shown}${end < text.length ? '...' : ''}`;
}
