import type { Folded } from './fold.ts';
import { Letter, letterAt } from './letters.ts';

/** A piece of a folded text that, judging by its characters, could be a code. */
export interface Candidate {
  readonly start: number;
  readonly end: number;
}

interface Run extends Candidate {
  readonly digits: number;
  readonly upper: number;
  readonly lower: number;
  readonly hyphens: number;
}

const TAB = 0x09;
const SPACE = 0x20;
const HYPHEN = 0x2d;
/** The longest possible code; codes made of words are the longest. */
const MAX_LENGTH = 64;
const DIGITS = { from: 4, to: 8 };
const MIXED = { from: 4, to: 17 };
const CAPITALS = { from: 5, to: 8 };
const WORDS = { from: 7, to: MAX_LENGTH };

/** All candidates in a folded text, in order. One pass, ignoring the words around them. */
export function candidatesOf({ units }: Folded): readonly Candidate[] {
  const candidates: Candidate[] = [];
  const length = units.length - 1;
  let open: Run | null = null;
  for (let at = 0; at < length; ) {
    if (letterAt(units, at) === Letter.none) {
      at++;
      continue;
    }
    const run = runAt(units, at);
    at = run.end;
    if (open !== null && isGrouped(units, open, run)) {
      open = together(open, run);
    } else {
      if (open !== null && couldBeCode(open)) candidates.push({ start: open.start, end: open.end });
      open = run;
    }
  }
  if (open !== null && couldBeCode(open)) candidates.push({ start: open.start, end: open.end });
  return candidates;
}

/** Letters and digits joined by hyphens. An `other` letter makes it too long to be a code. */
function runAt(units: Uint16Array, start: number): Run {
  let [digits, upper, lower, hyphens] = [0, 0, 0, 0];
  let at = start;
  for (; ; at++) {
    const kind = letterAt(units, at);
    if (kind === Letter.lower) lower++;
    else if (kind === Letter.digit) digits++;
    else if (kind === Letter.upper) upper++;
    else if (kind === Letter.other) hyphens = MAX_LENGTH;
    else if (units[at] === HYPHEN && letterAt(units, at + 1) !== Letter.none) hyphens++;
    else break;
  }
  return { start, end: at, digits, upper, lower, hyphens };
}

/** Whether two runs form one code: `123 456`, `123 - 456`, or single characters: `K 7 X 2`. */
function isGrouped(units: Uint16Array, before: Run, after: Run): boolean {
  const gap = after.start - before.end;
  const sign = units[before.end];
  if (isNumber(before) && isNumber(after)) {
    if (gap === 1 ? sign === SPACE : gap === 3 && isHyphenInSpaces(units, before.end)) return true;
  }
  const cell = gap === 1 && (sign === SPACE || sign === TAB);
  return cell && isBox(after) && (isBox(before) || isRowOfBoxes(before));
}

function isHyphenInSpaces(units: Uint16Array, at: number): boolean {
  return units[at] === SPACE && units[at + 1] === HYPHEN && units[at + 2] === SPACE;
}

function isNumber({ upper, lower, hyphens }: Run): boolean {
  return upper === 0 && lower === 0 && hyphens < MAX_LENGTH;
}

/** A single digit or capital letter. */
function isBox({ start, end, lower, hyphens }: Run): boolean {
  return end - start === 1 && lower === 0 && hyphens === 0;
}

/** Several single characters in a row. */
function isRowOfBoxes({ start, end, digits, upper, lower, hyphens }: Run): boolean {
  return end - start === 2 * (digits + upper) - 1 && lower === 0 && hyphens === 0;
}

function together(before: Run, after: Run): Run {
  return {
    start: before.start,
    end: after.end,
    digits: before.digits + after.digits,
    upper: before.upper + after.upper,
    lower: 0,
    hyphens: before.hyphens + after.hyphens,
  };
}

function couldBeCode({ start, end, digits, upper, lower, hyphens }: Run): boolean {
  const length = end - start;
  if (length > MAX_LENGTH || hyphens >= MAX_LENGTH) return false;
  if (upper + lower === 0) return digits >= DIGITS.from && digits <= DIGITS.to;
  if (digits > 0) return length >= MIXED.from && length <= MIXED.to + (upper === 0 ? 0 : hyphens);
  if (lower === 0) return hyphens > 0 ? length <= MIXED.to : length >= CAPITALS.from && length <= CAPITALS.to;
  return upper === 0 && hyphens > 0 && length >= WORDS.from;
}
