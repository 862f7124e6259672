import { linesOfHtml } from '../html/lines.ts';
import type { Code } from '../message.ts';
import { fold } from './fold.ts';
import type { SubjectHint } from './judge.ts';
import { labelsOf } from './labels.ts';
import { Page } from './page.ts';
import { Says } from './phrases.ts';
import { type Sighting, sightings } from './sightings.ts';
import { type Vocabulary, vocabulary } from './vocabulary.ts';

/** How many chars of each source are searched. */
const MAX_LOOKED_AT = 262_144;
const MAX_SUBJECT = 2000;
/** The most candidates returned. */
const MAX_CODES = 20;
/** The lowest score of a candidate. */
const ENOUGH = 40;
/** The best candidate must lead by this score, or there is no certain code. */
const CLEARLY = 15;
/** Added to the score if a second source has the same code. */
const AGAIN = 10;

export interface FoundCodes {
  readonly codes: readonly Code[];
  /** The code; null if there is none or it is uncertain. */
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
 * Finds one-time codes by the words near them, likeliest first. A code that occurs in several of subject, text and HTML
 * counts once, with a higher score.
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

/** What the subject says about numbers in the body; nothing if it is about another kind of code. */
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

/** Adds the sightings of one source; if a code occurs more than once, the highest score counts. */
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
