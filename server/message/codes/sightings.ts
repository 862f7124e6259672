import type { Candidate } from './candidates.ts';
import { CODE, judge, REACH, type SubjectHint } from './judge.ts';
import type { Label } from './labels.ts';
import type { Page } from './page.ts';
import { Says } from './phrases.ts';

/** A token that may be a code, with a score: about 100 is certain, under 40 is unlikely. */
export interface Sighting {
  readonly code: string;
  readonly points: number;
  /** Why it may be a code, without the name of the source. */
  readonly reason: string;
}

/** The most candidates to judge; those near the name of a one-time code come first. */
const MAX_JUDGED = 24;

interface Found {
  /** The indexes of the candidate and of its line. */
  readonly number: number;
  readonly line: number;
}

/** The codes of a page. */
export function sightings(page: Page, subject: SubjectHint): readonly Sighting[] {
  const hint = page.says(Says.meeting) ? { ...subject, elsewhere: true } : subject;
  const found: Sighting[] = [];
  let lastLine = -1;
  let lastTaken = -1;
  for (const { number, line } of worthwhile(page, subject)) {
    if (line !== lastLine) lastTaken = -1;
    lastLine = line;
    const token = page.token(number);
    const verdict = token && judge({ page, subject: hint, number, line, token, lastTaken });
    if (!token || !verdict) continue;
    lastTaken = token.start;
    found.push({ code: token.code, points: verdict.points - token.doubt, reason: verdict.reason });
  }
  return found;
}

/** The candidates near a word for a code, and those alone on a line. */
function worthwhile(page: Page, subject: SubjectHint): readonly Found[] {
  if (page.labels.length === 0 && subject.name === null) return [];
  const isNearWord = inReach(page.labels.filter(({ says }) => says & (CODE | Says.enter)));
  const isNearName = inReach(page.labels.filter(({ says }) => says & Says.oneTime));
  const sure: Found[] = [];
  const others: Found[] = [];
  for (const [at, line] of page.lines.entries()) {
    for (let number = line.candidates[0]; number < line.candidates[1]; number++) {
      const candidate = page.candidates[number];
      if (!candidate) continue;
      if (isNearName(candidate)) {
        if (sure.push({ number, line: at }) === MAX_JUDGED) return sure;
      } else if (others.length < MAX_JUDGED && (isNearWord(candidate) || page.isAlone(number, line))) {
        others.push({ number, line: at });
      }
    }
  }
  return [...sure, ...others].slice(0, MAX_JUDGED).sort((a, b) => a.number - b.number);
}

/** Whether one of the labels is near a candidate. Must be called in the order of the text. */
function inReach(labels: readonly Label[]): (candidate: Candidate) => boolean {
  let next = 0;
  return ({ start, end }) => {
    while ((labels[next]?.start ?? start) < start - REACH.before) next++;
    const label = labels[next];
    return label !== undefined && label.start <= end + REACH.after;
  };
}
