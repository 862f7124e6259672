import { foldLine } from './code-fold.ts';
import { type Label, labelsOf } from './code-labels.ts';
import { isPromotion } from './code-refusal.ts';
import { type Sighting, sightings } from './code-sightings.ts';
import { linesOfHtml } from './html-lines.ts';
import type { Code } from './message.ts';

/** So many chars of each source are looked at. */
const MAX_LOOKED_AT = 262_144;
/** More candidates help nobody. */
const MAX_CODES = 20;
/** What is less sure is no candidate. */
const ENOUGH = 40;
/** Two candidates nearer than this can't be told apart. */
const CLEARLY = 15;
/** What it adds that a second source has it, too. */
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
export function codesOf({ subject, text, html }: CodeSources): FoundCodes {
  const subjectLine = foldLine((subject ?? '').slice(0, 2000));
  const label = labelOfSubject(subjectLine);
  const candidates = new Map<string, Candidate>();
  merge(candidates, 'subject', sightings([subjectLine], null));
  if (text !== null) merge(candidates, 'text', sightings(linesOfText(text), label));
  if (html !== null) merge(candidates, 'HTML', sightings(linesOfHtml(html, MAX_LOOKED_AT).map(foldLine), label));

  const likely = [...candidates.values()].filter(({ points }) => points >= ENOUGH).sort((a, b) => b.points - a.points);
  const [first, second] = likely;
  const clear = first !== undefined && first.points - (second?.points ?? 0) >= CLEARLY;
  return {
    codes: likely.slice(0, MAX_CODES).map(({ code, reason }) => ({ code, reason })),
    code: clear ? first.code : null,
  };
}

function linesOfText(text: string): readonly string[] {
  return text
    .slice(0, MAX_LOOKED_AT)
    .split(/\r\n?|\n/)
    .map(foldLine)
    .filter((line) => line !== '');
}

/** A subject about another kind of code says nothing of numbers in the body. */
function labelOfSubject(subject: string): Label | null {
  const labels = labelsOf(subject);
  if (isPromotion(subject)) return null;
  return labels.find(({ kind }) => kind === 'strong') ?? labels.find(({ kind }) => kind === 'weak') ?? null;
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
