import { type Figure, isMet } from './figure.ts';

const HEAD = ['figure', 'unit', 'Mailstop', 'against', '', 'ratio', 'expected', 'met'];
const TO_THE_RIGHT = new Set([2, 4, 5, 6]);

/** The figures as a table for a terminal. What is said once is not repeated in the lines below it. */
export function table(figures: readonly Figure[]): string {
  const rows = figures.map((figure, at) => {
    const { name, unit, value, against } = figure;
    const cells = [name, unit, number(value), against?.name ?? '', against ? number(against.value) : ''];
    const shown = figures[at - 1]?.name === name ? ['', '', '', ...cells.slice(3)] : cells;
    return [...shown, against ? against.ratio.toFixed(2) : '', expectation(figure), verdict(figure)];
  });
  const widths = HEAD.map((_, column) => Math.max(...[HEAD, ...rows].map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, at) => (TO_THE_RIGHT.has(at) ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0)))
      .join('  ')
      .trimEnd();
  return [HEAD, widths.map((width) => '-'.repeat(width)), ...rows].map(line).join('\n');
}

function expectation({ expected, against }: Figure): string {
  if (expected === null) return '';
  const limit = against ? `${expected.limit}` : number(expected.limit);
  return `${expected.at === 'least' ? '≥' : '≤'} ${limit}`;
}

function verdict(figure: Figure): string {
  const met = isMet(figure);
  return met === null ? '' : met ? 'yes' : 'NO';
}

/** Three digits that count are more than a run repeats. */
function number(value: number): string {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
