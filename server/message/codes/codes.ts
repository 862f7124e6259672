import { linesOfHtml } from '../html/lines.ts';
import type { Code } from '../message.ts';
import { fold } from './fold.ts';
import type { SubjectHint } from './judge.ts';
import { labelsOf } from './labels.ts';
import { Page } from './page.ts';
import { Says } from './phrases.ts';
import { type Sighting, sightings } from './sightings.ts';
import { type Vocabulary, vocabulary } from './vocabulary.ts';

/** Chars of each source that are looked at. */
const MAX_LOOKED_AT = 262_144;
const MAX_SUBJECT = 2000;
/** More candidates help nobody. */
const MAX_CODES = 20;
/** What is less sure is no candidate. */
const ENOUGH = 40;
/** Two candidates nearer than this can't be told apart. */
const CLEARLY = 15;
/** What a second source adds that has the code, too. */
const AGAIN = 10;

export interface FoundCodes {
  readonly codes: readonly Code[];
  /** The one that is meant; null when there is none or when it can't be told. */
  readonly code: string | null;
}

export interface CodeSources {
  readonly subject: string | null;
  readonly text: string | null;
  readonly html: string | null;
}

interface Candidate {
  readonly code: string;
  points: number;
  reason: string;
}

/**
 * Finds one-time codes by the words beside them, the likeliest first. The same code in the subject, the text and the
 * HTML is one, and surer.
 */
export function codesOf({ subject, text, html }: CodeSources, words: Vocabulary = vocabulary()): FoundCodes {
  const title = (subject ?? '').slice(0, MAX_SUBJECT);
  const hint = hintOf(title, words);
  const candidates = new Map<string, Candidate>();
  const look = (source: string, content: string, wraps: boolean, known: SubjectHint) =>
    merge(candidates, source, sightings(new Page(content, words, wraps), known));
  look('subject', title, false, { ...hint, name: null });
  if (text !== null) look('text', text.slice(0, MAX_LOOKED_AT), true, hint);
  if (html !== null) look('HTML', linesOfHtml(html, MAX_LOOKED_AT).join('\n'), false, hint);

  const likely = [...candidates.values()].filter(({ points }) => points >= ENOUGH).sort((a, b) => b.points - a.points);
  const [first, second] = likely;
  const clear = first !== undefined && first.points - (second?.points ?? 0) >= CLEARLY;
  return {
    codes: likely.slice(0, MAX_CODES).map(({ code, reason }) => ({ code, reason })),
    code: clear ? first.code : null,
  };
}

/** A subject about another kind of code says nothing of numbers in the body. */
function hintOf(subject: string, { phrases }: Vocabulary): SubjectHint {
  const folded = fold(subject);
  const labels = labelsOf(phrases, folded);
  const says = (bits: number) => labels.find((label) => (label.says & bits) !== 0 && (label.says & Says.other) === 0);
  const elsewhere = labels.some((label) => (label.says & (Says.elsewhere | Says.meeting)) !== 0);
  const oneTime = says(Says.oneTime);
  const name = oneTime ?? says(Says.maybe);
  return {
    name: name === undefined ? null : { text: folded.text.slice(name.start, name.end), oneTime: oneTime !== undefined },
    elsewhere,
  };
}

/** Adds what one source has: of several sightings of a code in it the surest counts. */
function merge(candidates: Map<string, Candidate>, source: string, found: readonly Sighting[]): void {
  const surest = new Map<string, Sighting>();
  for (const sighting of found) {
    if (sighting.points > (surest.get(sighting.code)?.points ?? 0)) surest.set(sighting.code, sighting);
  }
  for (const { code, points, reason } of surest.values()) {
    const before = candidates.get(code);
    const here = `${reason}${reason.endsWith('in the subject') ? '' : ` in the ${source}`}`;
    candidates.set(code, {
      code,
      points: Math.max(points, before?.points ?? 0) + (before ? AGAIN : 0),
      reason: before && before.points >= points ? before.reason : here,
    });
  }
}
