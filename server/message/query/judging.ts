import type { Query } from '../../../wire/query/query.ts';
import type { MessageTest } from '../../../wire/tests.ts';
import type { WarningCode } from '../../../wire/warning.ts';
import { faultsOf } from '../expect/expectation.ts';
import { warningsAbout } from '../lint/lint.ts';
import type { Content, Summary } from '../message.ts';
import { unnamed } from '../summary.ts';
import { type Miss, missesOf, type Whole } from './explain.ts';
import { Inquiry } from './inquiry.ts';
import { type Body, type Candidate, matcherOf } from './matches.ts';
import { searchableHead } from './searchable-head.ts';
import type { Signature } from './signature.ts';
import type { Verdict } from './verdict.ts';

/** A mail as it is sent to a thread to be judged there. */
export interface Sent {
  readonly summary: Omit<Summary, 'bcc'>;
  /** Whether there are any in `bcc`. Sending thousands takes as long as finding them again. */
  readonly hasBcc: boolean;
  readonly head: string | null;
  /** Null when it has not been parsed. */
  readonly body: Omit<Body, 'signature'> | null;
  /** What the envelope declared, see `declaredBy`. */
  readonly declared: readonly WarningCode[];
}

/** The summary with what was left out. */
function summaryOf({ summary, hasBcc }: Pick<Sent, 'summary' | 'hasBcc'>): Summary {
  const { envelope, to, cc } = summary;
  return { ...summary, bcc: hasBcc ? unnamed(envelope.to, to, cc) : [] };
}

/** What a mail is compared with. */
export type Comparison = { readonly query: Query; readonly now: number } | { readonly test: MessageTest };

export function sent({ summary, head, body }: Candidate, declared: readonly WarningCode[]): Sent {
  const known = body && { text: body.text, html: body.html, link: body.link, code: body.code };
  const { bcc, ...rest } = summary;
  return { summary: rest, hasBcc: bcc.length > 0, head, body: known, declared };
}

/** Rules nothing out: the main thread has already checked the signature. */
const ANY: Signature = new Uint32Array(128).fill(0xffffffff);

/**
 * Verdicts without the mails' octets, which is enough for many regular expressions. Slow: call it in a thread.
 * @returns for each mail the verdict of each query
 */
export function sift(queries: readonly Query[], mails: readonly Sent[], now: number): readonly (readonly Verdict[])[] {
  return mails.map(({ head, body, ...mail }) => {
    const summary = summaryOf(mail);
    const known = body && { ...body, signature: ANY };
    const candidate = { summary, head: head ?? wholeHead(summary), body: known, isPatient: true };
    const inquiry = new Inquiry(candidate, now);
    return queries.map((query) => matcherOf(query)(inquiry));
  });
}

/** Whether the mail matches each of the queries. Slow: call it in a thread. */
export function judge(queries: readonly Query[], mail: Sent, content: Content, body: Body, now: number): boolean[] {
  const inquiry = new Inquiry(whole(mail, content, body), now);
  return queries.map((query) => matcherOf(query)(inquiry) === true);
}

/** How the mail differs. Slow: call it in a thread. @param parts the octets of the attachments */
export async function compare(
  comparison: Comparison,
  mail: Sent,
  content: Content,
  body: Body,
  parts: readonly Buffer[],
): Promise<readonly Miss[]> {
  const candidate = whole(mail, content, body);
  if ('query' in comparison) return missesOf(comparison.query, candidate, comparison.now);
  return faultsOf(comparison.test, candidate, async ({ index }) => parts[index] ?? null);
}

function whole({ head, declared, ...mail }: Sent, content: Content, body: Body): Whole & Candidate {
  const summary = summaryOf(mail);
  // What is in the mail now, even if the summary was made before it was parsed.
  const { attachments, preview } = content;
  const warnings =
    summary.attachments === null ? warningsAbout(summary.warnings, content.warnings, declared) : summary.warnings;
  const complete: Summary = { ...summary, attachments, preview, warnings };
  return { summary: complete, head: head ?? wholeHead(summary), body, content, isPatient: true };
}

function wholeHead(summary: Summary): string | null {
  return searchableHead(summary, Number.POSITIVE_INFINITY);
}
