/** What a mail says must neither write lines of a report, nor act on the terminal that shows it. */
export function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ');
}

/** Rows of a report, each cell on the same column; what is longer than 48 characters moves the rest of its row only. */
export function aligned(rows: readonly (readonly string[])[]): string[] {
  const shown = rows.map((row) => row.map(oneLine));
  const widths = (shown[0] ?? []).map((_, i) => Math.min(48, Math.max(...shown.map((row) => row[i]?.length ?? 0))));
  return shown.map((row) =>
    row
      .map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}

const SHOWN_CHARACTERS = 100;

/** A text in quotes, what can't be seen told by its number, and of a long one a part that begins shortly before `at`. */
export function quoted(text: string, at = 0): string {
  const start = at < SHOWN_CHARACTERS ? 0 : at - SHOWN_CHARACTERS / 2;
  const end = start + SHOWN_CHARACTERS;
  const shown = JSON.stringify(text.slice(start, end)).replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, numbered);
  return `${start > 0 ? '...' : ''}${shown}${end < text.length ? '...' : ''}`;
}

function numbered(character: string): string {
  return `\\u{${character.codePointAt(0)?.toString(16)}}`;
}
