import { aligned } from '../../../wire/columns.ts';
import { escaped } from '../../../wire/escaped.ts';
import { printQuery } from '../../../wire/query/print.ts';
import type { Summary } from '../../message/message.ts';
import type { Miss } from '../../message/query/explain.ts';
import type { Refused } from '../store.ts';
import type { Expectation, Outcome } from './expect.ts';

/**
 * The text of a failed expectation: what was expected, what the mailbox got instead, the closest mails and what they
 * miss, and last how much mail others have. People read it in a CI log with nothing else at hand: plain text, no
 * colours, columns aligned.
 */
export function report(expectation: Expectation, outcome: Outcome, refused: readonly Refused[]): string {
  return [
    ...headline(expectation, outcome),
    ...arrivals(outcome, expectation.after !== undefined),
    ...nearestMails(outcome),
    ...others(outcome),
    ...refusals(refused, outcome),
  ]
    .map(escaped)
    .join('\n');
}

function headline({ query, count, within, quiet }: Expectation, outcome: Outcome): readonly string[] {
  const { failure, matching, undecided, elapsed } = outcome;
  const meant = query.match === 'everything' ? '' : ` matching  ${printQuery(query)}`;
  const wanted = `Expected ${countText(count)}${meant}`;
  switch (failure) {
    case 'too-few':
      return [wanted, `within ${within} ms; ${tooFew(outcome)}.`];
    case 'too-many':
      return count.max === 0
        ? [wanted, `within ${within} ms; one came after ${elapsed} ms.`]
        : [wanted, `but there are ${matching.length}.`];
    case 'late':
      return [wanted, `and nothing more for ${quiet} ms; then another one came.`];
    case 'undecided':
      return [
        wanted,
        `but after ${elapsed} ms ${beingParsed(undecided)}, so it is not known ${count.max === 0 ? 'whether there is one' : 'how many there are'}.`,
      ];
    case 'unread':
      return matching.length === 1
        ? [wanted, `It came, but was still being parsed when time was up.`]
        : [wanted, `They came, but ${beingParsed(undecided)} when time was up.`];
    case 'different':
      return [wanted, `${matching.length === 1 ? 'It came, but is' : 'They came, but not all are'} not as expected.`];
    case null:
      return [`${wanted}: as expected.`];
  }
}

/** Never says "none came" while undecided mail may match. */
function tooFew({ matching, undecided }: Outcome): string {
  const came = matching.length === 0 ? 'none' : `only ${matching.length}`;
  if (undecided === 0) return `${came} came`;
  const may = undecided === null ? '' : ' and may match';
  return `${came} matched so far, but ${beingParsed(undecided)}${may}`;
}

function beingParsed(undecided: number | null): string {
  if (undecided === null) return 'the mail that was there already was still being searched';
  return undecided === 1 ? '1 mail was still being parsed' : `${undecided} mails were still being parsed`;
}

function countText({ min, max }: Expectation['count']): string {
  if (max === 0) return 'no mail';
  const mails = (n: number) => (n === 1 ? '1 mail' : `${n} mails`);
  if (min === max) return mails(min);
  return max === Number.POSITIVE_INFINITY ? `at least ${mails(min)}` : `${min} to ${mails(max)}`;
}

const MAX_LISTED = 20;

function arrivals({ arrived, arrivedInAll, matching, own }: Outcome, since: boolean): readonly string[] {
  const late = since ? ' since then' : '';
  if (arrived.length === 0) return ['', own ? `${own.name} got no mail${late}.` : `There is no mail at all${late}.`];
  const meant = new Set(matching.map(({ id }) => id));
  const rows = arrived
    .slice(0, MAX_LISTED)
    .map((message) => [meant.has(message.id) ? '  *' : '   ', ...columns(message)]);
  const more = arrivedInAll - rows.length;
  const facts = `(${arrivedInAll}, newest first${meant.size > 0 ? '; * matches' : ''}):`;
  return [
    '',
    `${own ? `${own.name} got${late}` : `All mail${late}`} ${facts}`,
    ...aligned(rows),
    ...(more > 0 ? [`    ... and ${more} more`] : []),
  ];
}

/** Only the number: a shared Mailstop has other people's mail. */
function others({ own, others }: Outcome): readonly string[] {
  if (own === null || others === 0) return [];
  return ['', others === 1 ? 'There is 1 mail for others.' : `There are ${others} mails for others.`];
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

const MAX_REFUSED = 10;

function refusals(refused: readonly Refused[], { own }: Outcome): readonly string[] {
  if (refused.length === 0) return [];
  const shown = (text: string) => (own ? withoutOthers(text, own.name) : text);
  const rows = refused
    .slice(-MAX_REFUSED)
    .map(({ time, command, reply, session }) => [
      `   ${time.toISOString().slice(11, 23)}`,
      shown(command),
      `-> ${shown(reply)}`,
      `session ${session}`,
    ]);
  return ['', `SMTP refused recently (${refused.length}):`, ...aligned(rows)];
}

/** Hides other people's addresses, but keeps why their mail was refused: that may explain the failure. */
function withoutOthers(text: string, own: string): string {
  return text.replaceAll(/[^\s<>:;,]{1,320}@[^\s<>:;,]{1,320}/g, (address) =>
    own.toLowerCase().includes(address.toLowerCase()) ? address : '...',
  );
}
