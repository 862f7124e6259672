import { expectedRatio, type Figure, isMet } from './figure.ts';

const HEAD = ['figure', 'unit', 'Mailstop', 'against', '', 'ratio', 'expected', 'met'];
const TO_THE_RIGHT = new Set([2, 4, 5, 6]);

/** The figures as a table for a terminal. A repeated name is not printed again. */
export function table(figures: readonly Figure[]): string {
  const rows = figures.map((figure, at) => cells(figure, figures[at - 1]));
  const widths = HEAD.map((_, column) => Math.max(...[HEAD, ...rows].map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, at) => (TO_THE_RIGHT.has(at) ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0)))
      .join('  ')
      .trimEnd();
  return [HEAD, widths.map((width) => '-'.repeat(width)), ...rows].map(line).join('\n');
}

/** The same for a page of the documentation. */
export function markdown(figures: readonly Figure[]): string {
  const rule = HEAD.map((_, column) => (TO_THE_RIGHT.has(column) ? '---:' : '---'));
  const rows = figures.map((figure, at) => cells(figure, figures[at - 1]));
  return [HEAD, rule, ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

/** One figure on its own line, to follow the run. */
export function line(figure: Figure): string {
  const [name, unit, value, against, other, ratio, expected, met] = cells(figure, undefined);
  const parts = [
    `${name}: ${value} ${unit}`,
    ...(ratio ? [`${ratio} × ${against} (${other})`] : []),
    ...(expected ? [`expected ${expected}: ${met}`] : []),
  ];
  return parts.join(', ');
}

function cells(figure: Figure, above: Figure | undefined): string[] {
  const { name, unit, value, against } = figure;
  const first = above?.name === name ? ['', '', ''] : [name, unit, number(value)];
  const beside = against ? [against.name, number(against.value), against.ratio.toFixed(2)] : ['', '', ''];
  return [...first, ...beside, expectation(figure), verdict(figure)];
}

function expectation(figure: Figure): string {
  const { expected } = figure;
  if (expected === null) return '';
  const limit = expectedRatio(figure) === null ? number(expected.limit) : `${expected.limit}`;
  return `${expected.at === 'least' ? '≥' : '≤'} ${limit}`;
}

function verdict(figure: Figure): string {
  const met = isMet(figure);
  return met === null ? '' : met ? 'yes' : 'NO';
}

/** Three significant digits: more precise than runs repeat. */
function number(value: number): string {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
