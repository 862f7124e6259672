import type { Miss } from '../message/explain.ts';
import type { Summary } from '../message/message.ts';
import { printQuery } from '../message/query-print.ts';
import type { Expectation, Outcome } from './expect.ts';

/** A mail that SMTP refused: it never came, and that may be why a test fails. */
export interface Refused {
  readonly time: Date;
  readonly command: string;
  readonly reply: string;
}

/**
 * The text of a failed expectation: what was expected, what came instead, what came nearest and what it misses.
 * It is read in the log of a CI job, by somebody who has nothing else: plain text, no colours, columns aligned.
 */
export function report(expectation: Expectation, outcome: Outcome, refused: readonly Refused[]): string {
  return [headline(expectation, outcome), ...arrivals(outcome), ...nearestMails(outcome), ...refusals(refused)].join(
    '\n',
  );
}

function headline({ query, count, within, quiet }: Expectation, { failure, matching, elapsed }: Outcome): string {
  const meant = query.match === 'everything' ? '' : ` matching  ${printQuery(query)}`;
  const wanted = `Expected ${countText(count)}${meant}`;
  switch (failure) {
    case 'too-few':
      return `${wanted}\nwithin ${within} ms; ${matching.length === 0 ? 'none' : `only ${matching.length}`} came.`;
    case 'too-many':
      return count.max === 0
        ? `${wanted}\nwithin ${within} ms; one came after ${elapsed} ms.`
        : `${wanted}\nbut there are ${matching.length}.`;
    case 'late':
      return `${wanted}\nand nothing more for ${quiet} ms; then another one came.`;
    case 'different':
      return `${wanted}\n${matching.length === 1 ? 'It came, but is' : 'They came, but not all are'} not as expected.`;
    case null:
      return `${wanted}: as expected.`;
  }
}

function countText({ min, max }: Expectation['count']): string {
  if (max === 0) return 'no mail';
  const mails = (n: number) => (n === 1 ? '1 mail' : `${n} mails`);
  if (min === max) return mails(min);
  return max === Number.POSITIVE_INFINITY ? `at least ${mails(min)}` : `${min} to ${mails(max)}`;
}

const MAX_LISTED = 10;

function arrivals({ arrived, arrivedInAll, matching }: Outcome): readonly string[] {
  if (arrived.length === 0) return ['', 'No mail is there at all.'];
  const meant = new Set(matching.map(({ id }) => id));
  const rows = arrived
    .slice(0, MAX_LISTED)
    .map((message) => [meant.has(message.id) ? '  *' : '   ', ...columns(message)]);
  const more = arrivedInAll - rows.length;
  return [
    '',
    `What is there (${arrivedInAll}, newest first${meant.size > 0 ? '; * matches' : ''}):`,
    ...aligned(rows),
    ...(more > 0 ? [`    ... and ${more} more`] : []),
  ];
}

function columns({ receivedAt, from, envelope, subject }: Summary): string[] {
  const to = envelope.to.length > 2 ? `${envelope.to[0]} and ${envelope.to.length - 1} more` : envelope.to.join(', ');
  return [
    receivedAt.toISOString().slice(11, 23),
    from?.address || envelope.from || '<>',
    `-> ${to}`,
    subject ?? '(no subject)',
  ];
}

function nearestMails({ closest, failure }: Outcome): readonly string[] {
  return closest.flatMap(({ message, misses }, i) => [
    '',
    `${failure === 'different' ? 'Not as expected' : i === 0 ? 'Nearest' : 'Next'}: ${JSON.stringify(message.subject ?? '(no subject)')}, id ${message.id}`,
    ...aligned(
      misses.map(({ field, expected, actual }: Miss) => [`  ${field}:`, `expected ${expected},`, `was ${actual}`]),
    ),
  ]);
}

function refusals(refused: readonly Refused[]): readonly string[] {
  if (refused.length === 0) return [];
  const rows = refused
    .slice(-MAX_LISTED)
    .map(({ time, command, reply }) => [`   ${time.toISOString().slice(11, 23)}`, command, `-> ${reply}`]);
  return ['', `SMTP refused lately (${refused.length}):`, ...aligned(rows)];
}

/** Pads all columns but the last to the same width, within reason. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const shown = rows.map((row) => row.map(oneLine));
  const widths = (shown[0] ?? []).map((_, i) => Math.min(48, Math.max(...shown.map((row) => row[i]?.length ?? 0))));
  return shown.map((row) =>
    row
      .map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}

/** A mail must not write lines of the report, nor act on the terminal that shows it. */
function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ');
}
