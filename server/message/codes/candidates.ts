import { Letter, letterAt } from './letters.ts';

/** A stretch of a folded text that could be a code by the kinds of its characters. */
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

const HYPHEN = 0x2d;
/** Anything longer is not a code, not even one made of words. */
const MAX_LENGTH = 64;
const DIGITS = { from: 4, to: 8 };
const MIXED = { from: 4, to: 17 };
const CAPITALS = { from: 5, to: 8 };
const WORDS = { from: 7, to: MAX_LENGTH };

/** Everything in a folded text that could be a code, in order, in one pass and without a look at the words around it. */
export function candidatesOf(text: string): readonly Candidate[] {
  const candidates: Candidate[] = [];
  let open: Run | null = null;
  const close = () => {
    if (open !== null && couldBeCode(open)) candidates.push({ start: open.start, end: open.end });
    open = null;
  };
  for (let at = 0; at < text.length; ) {
    if (letterAt(text, at) === Letter.none) {
      at++;
      continue;
    }
    const run = runAt(text, at);
    at = run.end;
    const joined: Run | null = open && isGrouped(text, open, run) ? together(open, run) : null;
    if (joined === null) close();
    open = joined ?? run;
  }
  close();
  return candidates;
}

/** Letters and digits with hyphens between them; `other` letters make it too long for a code. */
function runAt(text: string, start: number): Run {
  let [digits, upper, lower, hyphens] = [0, 0, 0, 0];
  let at = start;
  for (; at < text.length; at++) {
    const kind = letterAt(text, at);
    if (kind === Letter.lower) lower++;
    else if (kind === Letter.digit) digits++;
    else if (kind === Letter.upper) upper++;
    else if (kind === Letter.other) hyphens = MAX_LENGTH;
    else if (text.charCodeAt(at) === HYPHEN && letterAt(text, at + 1) !== Letter.none) hyphens++;
    else break;
  }
  return { start, end: at, digits, upper, lower, hyphens };
}

/** `123 456`, `123 - 456`, and cells of one character each: `K 7 X 2`. */
function isGrouped(text: string, before: Run, after: Run): boolean {
  const gap = after.start - before.end;
  const spaced = gap === 1 && text[before.end] === ' ';
  if (isNumber(before) && isNumber(after) && (spaced || (gap === 3 && text.startsWith(' - ', before.end)))) return true;
  const cell = gap === 1 && (spaced || text[before.end] === '\t');
  return cell && isBox(after) && (isBox(before) || isBox(before, text));
}

function isNumber({ upper, lower, hyphens }: Run): boolean {
  return upper === 0 && lower === 0 && hyphens < MAX_LENGTH;
}

/** One digit or capital, or several in cells when the text is given. */
function isBox({ start, end, digits, upper, lower, hyphens }: Run, text?: string): boolean {
  if (lower > 0 || hyphens > 0) return false;
  if (text === undefined) return end - start === 1;
  return end - start === 2 * (digits + upper) - 1;
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
