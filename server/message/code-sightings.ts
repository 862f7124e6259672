import { type Label, labelsOf } from './code-labels.ts';
import { isPromotion, isRefused } from './code-refusal.ts';
import { type Token, tokensOf } from './code-token.ts';

/** A token that was taken for a code, and how surely: about 100 when there is no doubt, under 40 when nearly none. */
export interface Sighting {
  readonly code: string;
  readonly points: number;
  /** Where it stands, but for the name of the source. */
  readonly reason: string;
}

interface Line {
  readonly text: string;
  readonly tokens: readonly Token[];
}

/** More tokens than this are not looked at. */
const MAX_TOKENS = 500;
/** How far a word can be from its code, in chars. */
const REACH = { before: 120, after: 60 };
/** Labels nearer than this are as good as one right beside it. */
const NEAR = 40;
/** How many lines above and below a code on a line of its own speak of it. */
const LINES = { above: 3, below: 2 };
/** Of a list of codes so many can be told to belong to the heading. */
const MAX_LIST = 20;

const SENTENCE_END = /[.!?]["'”)]?\s|[。！？]|\t[^\t]*[^\t\s][^\t]*\t/;
const FILLING = /^[\s"'“”„«»‹›*`()[\]{}<>【】「」『』|:.,!=→➡►▶~-]*$/;
/** Between `code` and its code. */
const INTRODUCES = /^\W*(?:is|ist|lautet|est|es|è|é|är|er|jest)?\W*$/i;
/** `Enter 123456 to verify` has no word for the code. */
const TYPE = /(?<![a-z])(enter|use|type|type in|input) ["'“]?$/i;
const FOR_LOGIN = /^["'”]? to (?:verify|confirm|sign in|log in|complete|finish|activate|reset|authenticate)(?![a-z])/i;
/** Between the name of a number and the number. */
const NO_WORDS = /^[\s:#.=-]*(?:(?:number|no|nr|num|id|is|número|numero|numéro|numer|номер)(?![a-z])[\s:#.]*)?$/i;

/**
 * The codes of a text.
 * @param lines folded
 * @param subjectLabel what the subject says of a code: it speaks for a number that stands alone in the body
 */
export function sightings(lines: readonly string[], subjectLabel: Label | null): readonly Sighting[] {
  const read = lines.map((text): Line => ({ text, tokens: tokensOf(text).filter((token) => !refused(text, token)) }));
  const found: Sighting[] = [];
  let looked = 0;
  for (const [at, line] of read.entries()) {
    let lastTaken = -1;
    for (const token of line.tokens) {
      if (++looked > MAX_TOKENS) return found;
      const sighting = judge(read, at, token, { subjectLabel, lastTaken });
      if (!sighting) continue;
      lastTaken = token.start;
      found.push({ ...sighting, code: token.code, points: sighting.points - token.doubt });
    }
  }
  return found;
}

function refused(line: string, { start, end }: Token): boolean {
  return isRefused(line.slice(Math.max(0, start - REACH.before), start), line.slice(end, end + REACH.after));
}

interface Known {
  readonly subjectLabel: Label | null;
  /** Where the code before it on its line stands: the label between may be that one's. */
  readonly lastTaken: number;
}

type Verdict = Omit<Sighting, 'code'> | null;

function judge(lines: readonly Line[], at: number, token: Token, known: Known): Verdict {
  const line = lines[at];
  if (!line) return null;
  const before = line.text.slice(Math.max(0, token.start - REACH.before), token.start);
  const after = line.text.slice(token.end, token.end + REACH.after);
  const labels = labelsOf(before);
  const other = labels.findLast(({ kind }) => kind === 'other');
  const code = labels.findLast(({ kind }) => kind !== 'other');
  if (other && namesToken(before, other, code)) return null;
  const verdicts = [
    behind(before, code, token, line, known.lastTaken),
    inFrontOf(after, token, line),
    toType(before, after, token),
  ];
  if (isAlone(line, token)) verdicts.push(alone(lines, at, token, known.subjectLabel));
  return verdicts.reduce((best, verdict) => ((verdict?.points ?? 0) > (best?.points ?? 0) ? verdict : best), null);
}

/** `order 123456`, but not `the code for your order: 123456`. */
function namesToken(before: string, other: Label, code: Label | undefined): boolean {
  const gap = before.slice(other.end);
  if (code && code.start > other.start) return false;
  if (!NO_WORDS.test(gap)) return false;
  const between = code ? before.slice(code.end, other.start) : '';
  const sameSentence = code !== undefined && !SENTENCE_END.test(between) && !/\d{4}/.test(between);
  return !(sameSentence && /:|\bis\b/.test(gap));
}

function behind(before: string, label: Label | undefined, token: Token, line: Line, lastTaken: number): Verdict {
  if (!label) return null;
  const gap = before.slice(label.end);
  const ended = SENTENCE_END.test(gap);
  if (ended && !/[.!?。！？]\W*$/.test(gap)) return null;
  if (token.needs === 'tight' && !(/^\W*(?:\p{L}{1,8})?\W*$/u.test(gap) && !ended && endsHere(line, token)))
    return null;
  if (label.kind === 'weak' && isPromotion(line.text.slice(Math.max(0, token.start - 200), token.end + 100)))
    return null;
  const taken = lastTaken > token.start - gap.length ? 30 : 0;
  const points = base(label) - (ended ? 20 : 0) - (gap.length > NEAR ? 25 : 0) - taken;
  return { points, reason: `behind "${label.text}"` };
}

/** `123456 is your code`, unless that code comes after it. */
function inFrontOf(after: string, token: Token, line: Line): Verdict {
  const label = labelsOf(after)[0];
  if (!label || label.kind === 'other' || token.needs === 'tight') return null;
  const gap = after.slice(0, label.start);
  const labelEnd = token.end + label.end;
  const another = line.tokens.some(
    ({ start }) =>
      start >= token.end &&
      start < labelEnd + 20 &&
      (start < labelEnd || INTRODUCES.test(line.text.slice(labelEnd, start))),
  );
  if (another || SENTENCE_END.test(`${gap} `) || /[\t:]/.test(gap)) return null;
  if (label.kind === 'weak' && isPromotion(line.text.slice(Math.max(0, token.start - 100), token.end + 200)))
    return null;
  return { points: base(label) - 5 - (gap.length > NEAR ? 20 : 0), reason: `before "${label.text}"` };
}

function toType(before: string, after: string, token: Token): Verdict {
  const verb = TYPE.exec(before)?.[1];
  if (verb === undefined || token.needs === 'tight' || !FOR_LOGIN.test(after)) return null;
  return { points: 60, reason: `behind "${verb}"` };
}

/** On a line of its own it is what the lines around it say it is; the subject speaks when they say nothing. */
function alone(lines: readonly Line[], at: number, token: Token, subjectLabel: Label | null): Verdict {
  const heading = belowHeading(lines, at, token);
  if (heading === 'other') return null;
  if (heading !== null || token.needs === 'tight') return heading;
  const words = aboveWords(lines.slice(at + 1, at + 1 + LINES.below));
  if (words !== null || subjectLabel === null) return words;
  return { points: base(subjectLabel) - 35, reason: `alone on its line, with "${subjectLabel.text}" in the subject` };
}

/** `Your code:` above it; `other` when what stands there names another thing, such as `Order number`. */
function belowHeading(lines: readonly Line[], at: number, token: Token): Verdict | 'other' {
  for (let up = 1, far = 0; far < LINES.above && up <= MAX_LIST; up++) {
    const line = lines[at - up];
    if (!line) return null;
    // Of codes one below the other each has the label above the first.
    if (line.tokens.length === 1 && line.tokens.every((one) => isAlone(line, one))) continue;
    const text = line.text.slice(-200);
    const labels = labelsOf(text);
    const last = labels.at(-1);
    const code = labels.findLast(({ kind }) => kind !== 'other');
    const namesOther = last?.kind === 'other' && FILLING.test(text.slice(last.end));
    if (namesOther && !(code && /:\W*$/.test(text))) return 'other';
    if (code) {
      const served = line.tokens.some(({ needs }) => needs === 'label');
      const loose = token.needs === 'tight' && (far > 0 || !FILLING.test(text.slice(code.end)));
      if (served || loose) return null;
      if (code.kind === 'weak' && isPromotion(text)) return 'other';
      return { points: base(code) - 5 * far - 3, reason: `alone on its line below "${code.text}"` };
    }
    far++;
  }
  return null;
}

/** `This is your code.` below it. */
function aboveWords(below: readonly Line[]): Verdict {
  for (const { text, tokens } of below) {
    const label = labelsOf(text.slice(0, 120))[0];
    if (tokens.length > 0 || label?.kind === 'other') return null;
    if (label && !isPromotion(text.slice(0, 200)))
      return { points: base(label) - 15, reason: `alone on its line above "${label.text}"` };
  }
  return null;
}

function base({ kind }: Label): number {
  return kind === 'strong' ? 100 : 80;
}

function isAlone({ text }: Line, { start, end }: Token): boolean {
  return text.length - (end - start) < 60 && FILLING.test(text.slice(0, start)) && FILLING.test(text.slice(end));
}

/** The sentence or the line ends behind it. */
function endsHere({ text }: Line, { end }: Token): boolean {
  return /^["'”*)\]】」]*(?:[.!?。,;]?(?:\s|$)|[。、])/.test(text.slice(end, end + 8));
}
