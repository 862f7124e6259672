import { parentPort } from 'node:worker_threads';
import type { Query } from '../../../wire/query/query.ts';
import { parseContent } from '../../message/content.ts';
import type { Content } from '../../message/message.ts';
import type { ParsedMail } from '../../message/parsed-mail.ts';
import { type Digest, digestOf } from '../../message/query/digest.ts';
import type { Miss } from '../../message/query/explain.ts';
import { type Comparison, compare, judge, type Sent, sift } from '../../message/query/judging.ts';
import type { Body } from '../../message/query/matches.ts';
import { regexFault } from '../../message/query/term.ts';
import type { Verdict } from '../../message/query/verdict.ts';
import { Progress } from './progress.ts';

/** A task for a thread. Everything slow that is computed from a mail or a query is done there. */
export type Work =
  /** Parse a whole mail for a reader. */
  | { readonly do: 'read'; readonly raw: Uint8Array }
  /** For a mail that nobody is reading yet. Smaller result: receiving the content costs the main thread most. */
  | { readonly do: 'digest'; readonly raw: Uint8Array }
  /** Whether regular expressions are valid. */
  | { readonly do: 'check'; readonly regexes: readonly string[] }
  /** Verdicts on many mails that don't need their octets. */
  | { readonly do: 'sift'; readonly queries: readonly Query[]; readonly mails: readonly Sent[]; readonly now: number }
  /** Whether a mail matches queries. */
  | {
      readonly do: 'judge';
      readonly queries: readonly Query[];
      readonly mail: Sent;
      readonly raw: Uint8Array;
      readonly now: number;
    }
  /** How a mail differs from an expectation. */
  | { readonly do: 'compare'; readonly with: Comparison; readonly mail: Sent; readonly raw: Uint8Array };

/** The results, by task. */
export interface Results {
  readonly read: ReadMail & { readonly parts: readonly Uint8Array[] };
  readonly digest: Digest;
  /** For each, why it can't be used; null when it can. */
  readonly check: readonly (string | null)[];
  readonly sift: readonly (readonly Verdict[])[];
  readonly judge: Judged<readonly boolean[]>;
  readonly compare: Judged<readonly Miss[]>;
}

export interface ReadMail {
  readonly content: Content;
  readonly body: Body;
}

/** An answer, with the digest that parsing gave. */
export interface Judged<T> {
  readonly answer: T;
  readonly digest: Digest;
}

export interface ThreadTask {
  readonly work: Work;
  readonly cells: Int32Array<SharedArrayBuffer>;
  /** Set when an earlier attempt was killed: what to skip. */
  readonly leaveOut: LeaveOut | null;
}

export interface LeaveOut {
  readonly step: number;
  /**
   * Also skip every step that begins after this much work, in milliseconds: repeating all the work of the earlier
   * attempt would hit the same limit again.
   */
  readonly afterWork: number;
  /** The beginning of a sentence; the step is appended. */
  readonly why: string;
}

/** What a thread sends back. */
export type ThreadAnswer = { readonly result: unknown } | { readonly failure: string };

/** The first message of a thread: it has loaded its code. */
export const LOADED = 'loaded';

parentPort?.on('message', (task: ThreadTask) => void answer(task));
parentPort?.postMessage(LOADED);

async function answer(task: ThreadTask): Promise<void> {
  const parts: ArrayBuffer[] = [];
  let answer: ThreadAnswer;
  try {
    answer = { result: await resultOf(task, parts) };
  } catch (error) {
    answer = { failure: error instanceof Error ? error.message : String(error) };
  }
  parentPort?.postMessage(answer, parts);
}

/** @param moved collects the buffers to transfer to the main thread instead of copying */
async function resultOf({ work, cells, leaveOut }: ThreadTask, moved: ArrayBuffer[]): Promise<Results[Work['do']]> {
  const progress = new Progress(cells);
  progress.begin();
  if (work.do === 'check') return work.regexes.map(regexFault);
  if (work.do === 'sift') return sift(work.queries, work.mails, work.now);
  const parsed = await parsedMail(work.raw, progress, leaveOut);
  const { content, parts } = parsed;
  const digest = digestOf(content);
  switch (work.do) {
    case 'read': {
      const owned = parts.map(inOwnMemory);
      moved.push(...owned.map(({ buffer }) => buffer));
      return { content, body: digest.body, parts: owned };
    }
    case 'digest':
      return digest;
    case 'judge':
      progress.leaveSteps();
      return { answer: judge(work.queries, work.mail, content, digest.body, work.now), digest };
    case 'compare':
      progress.leaveSteps();
      return { answer: await compare(work.with, work.mail, content, digest.body, parts), digest };
  }
}

async function parsedMail(raw: Uint8Array, progress: Progress, leaveOut: LeaveOut | null): Promise<ParsedMail> {
  let leftOut: string | null = null;
  const begin = (step: string) => {
    const number = progress.nextStep();
    if (leaveOut === null) return true;
    if (leftOut === null && number < leaveOut.step && progress.worked < leaveOut.afterWork) return true;
    leftOut ??= step;
    return false;
  };
  const { content, parts } = await parseContent(Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength), begin);
  if (leaveOut === null || leftOut === null) return { content, parts };
  const problem = `${leaveOut.why}, at ${leftOut}; what was read before is shown.`;
  return { content: { ...content, problem: [content.problem, problem].filter(Boolean).join(' ') }, parts };
}

/** Small Buffers share a pool, which must not be transferred. */
function inOwnMemory(octets: Buffer): Uint8Array<ArrayBuffer> {
  return octets.byteLength === octets.buffer.byteLength ? (octets as Uint8Array<ArrayBuffer>) : new Uint8Array(octets);
}
