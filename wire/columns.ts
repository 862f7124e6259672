import { escaped } from './escaped.ts';

/** Widest column, in characters. A longer cell shifts only the rest of its own row. */
const MAX_WIDTH = 48;

/** Pads a report's cells into columns, all but the last one. */
export function aligned(rows: readonly (readonly string[])[]): string[] {
  const shown = rows.map((row) => row.map(escaped));
  const widths = (shown[0] ?? []).map((_, i) =>
    Math.min(MAX_WIDTH, Math.max(...shown.map((row) => row[i]?.length ?? 0))),
  );
  return shown.map((row) =>
    row
      .map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}
