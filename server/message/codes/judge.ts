import type { Label } from './labels.ts';
import { firstFrom, isFilling, type Line, type Page, type Token } from './page.ts';
import { Says } from './phrases.ts';
import { isLogLine } from './refusal.ts';

/** What the subject says about numbers in the body. */
export interface SubjectHint {
  /** The name of a code, as written, and whether only one-time codes have that name. */
  readonly name: { readonly text: string; readonly oneTime: boolean } | null;
  /** The mail is about a discount or a meeting, so the words in `maybe` refer to that. */
  readonly elsewhere: boolean;
}

/** A token and its context. */
export interface Case {
  readonly page: Page;
  readonly subject: SubjectHint;
  readonly token: Token;
  /** The indexes of its candidate and of its line. */
  readonly number: number;
  readonly line: number;
  /** Where the previous code on the line starts: a label in between may belong to that one. */
  readonly lastTaken: number;
}

export type Verdict = { readonly points: number; readonly reason: string } | null;

/** How far a word may be from its code, in chars. */
export const REACH = { before: 120, after: 60 };
export const CODE = Says.oneTime | Says.maybe;

const NAMES = CODE | Says.other;
/** Within this distance, a label counts as much as one right beside the code. */
const NEAR = 40;
/** How many lines above and below belong to a code on its own line. */
const LINES = { above: 3, below: 2 };
/** How far from a code words about discounts count, in chars. */
const SURROUNDINGS = { before: 250, after: 150 };
/** At most this many codes of a list belong to its heading. */
const MAX_LIST = 20;
/** The end of a sentence. Not before a lower-case letter, as after an abbreviation: `250 kr. er 550813`. */
const SENTENCE_END = /[.!?]["'”)]?\s(?!\p{Ll})|[。！？]|\t[^\t]*[^\t\s][^\t]*\t/u;
/** The sentence or the line ends here. */
const ENDS_HERE = /^["'”*)\]】」]*(?:[.!?。,;]?(?:\s|$)|[。、，])/;

/** Scores a token by the words around it. */
export function judge(one: Case): Verdict {
  const { page, token, line, number } = one;
  const { start, end } = page.lines[line] ?? token;
  const from = Math.max(page.beginning(line), token.start - REACH.before);
  const name = lastName(page, from, token.start);
  const code = name && isOther(name) ? lastName(page, from, name.start, isCode) : name;
  if (name && isOther(name) && namesToken(page, token, name, code)) return null;
  if (isLogLine(page.text.slice(start, Math.min(end, start + 32)))) return null;
  const verdicts = [after(one, code), inFrontOf(one), toType(one)];
  const hasLine = page.lines[line];
  if (hasLine && page.isAlone(number, hasLine)) verdicts.push(alone(one));
  return verdicts.reduce((best, verdict) => ((verdict?.points ?? 0) > (best?.points ?? 0) ? verdict : best), null);
}

/** `order 123456`, but not `the code for your order: 123456`. */
function namesToken({ text, vocabulary }: Page, token: Token, other: Label, code: Label | undefined): boolean {
  const gap = text.slice(other.end, token.start);
  if (!vocabulary.beforeNumber.test(gap)) return false;
  if (!code) return true;
  const between = text.slice(code.end, other.start);
  const sameSentence = !SENTENCE_END.test(between) && !/\d{4}/.test(between);
  return !(sameSentence && /:|\bis\b/.test(gap));
}

/** `Your code is 123456`. */
function after(one: Case, label: Label | undefined): Verdict {
  const { page, token } = one;
  if (!label || (!isOneTime(label) && meansElsewhere(one))) return null;
  const gap = page.text.slice(label.end, token.start);
  const ended = SENTENCE_END.test(gap);
  if (ended && !/[.!?。！？][^\p{L}\p{N}]*$/u.test(gap)) return null;
  if (token.needs !== 'label' && (ended || !isIntroduced(one, label, gap))) return null;
  const taken = one.lastTaken > token.start - gap.length ? 30 : 0;
  const points = base(isOneTime(label)) - (ended ? 20 : 0) - (gap.length > NEAR ? 25 : 0) - taken;
  return { points, reason: `after "${written(page, label)}"` };
}

/** Whether there is only a verb between the name and the code, and nothing after it. */
function isIntroduced({ page, token }: Case, label: Label, gap: string): boolean {
  if (token.needs === 'named' && !(isOneTime(label) && gap.includes(':'))) return false;
  return page.vocabulary.introduces.test(gap) && ENDS_HERE.test(page.text.slice(token.end, token.end + 8));
}

/** `123456 is your code`, unless another code follows the label. */
function inFrontOf(one: Case): Verdict {
  const { page, token, line } = one;
  if (token.needs !== 'label') return null;
  const to = Math.min(page.ending(line), token.end + REACH.after);
  const label = firstName(page, token.end, to);
  if (!label || isOther(label) || (!isOneTime(label) && meansElsewhere(one))) return null;
  const gap = page.text.slice(token.end, label.start);
  if (SENTENCE_END.test(`${gap} `) || /[\t:]/.test(gap) || hasCodeNear(one, label)) return null;
  return {
    points: base(isOneTime(label)) - 5 - (gap.length > NEAR ? 20 : 0),
    reason: `before "${written(page, label)}"`,
  };
}

/** Whether there is a code right before or after the label. */
function hasCodeNear({ page, number }: Case, label: Label): boolean {
  for (let next = number + 1; ; next++) {
    const candidate = page.candidates[next];
    if (!candidate || candidate.start >= label.end + 20) return false;
    const introduced =
      candidate.start < label.end || page.vocabulary.introduces.test(page.text.slice(label.end, candidate.start));
    if (introduced && page.token(next) !== null) return true;
  }
}

/** `Enter 123456 to verify`; the sentence before may also say what to enter. */
function toType({ page, token, line }: Case): Verdict {
  if (token.needs !== 'label') return null;
  const at = firstFrom(page.labels, token.start);
  const verb = page.labels[at - 1];
  const purpose = page.labels[at];
  if (!verb || !(verb.says & Says.enter) || !isQuoteOrSpace(page.text.slice(verb.end, token.start))) return null;
  const name = lastName(page, Math.max(page.beginning(line), token.start - REACH.before), verb.start);
  const isFor = purpose && purpose.says & Says.purpose && isQuoteOrSpace(page.text.slice(token.end, purpose.start));
  if (!isFor && !(name && isOneTime(name) && !isOther(name))) return null;
  return { points: 60, reason: `after "${written(page, verb)}"` };
}

function isQuoteOrSpace(gap: string): boolean {
  return /^[ "'“”]{1,3}$/.test(gap);
}

/** A code on its own line: the lines around it decide what it is or, if they say nothing, the subject. */
function alone(one: Case): Verdict {
  const heading = belowHeading(one);
  if (heading === 'other') return null;
  if (heading !== null || one.token.needs !== 'label') return heading;
  const below = aboveWords(one);
  const { name } = one.subject;
  if (below !== null || name === null || (!name.oneTime && one.subject.elsewhere)) return below;
  return { points: base(name.oneTime) - 35, reason: `alone on its line, with "${name.text}" in the subject` };
}

/** `Your code:` in the line above; `other` if that line names something else, such as `Order number`. */
function belowHeading(one: Case): Verdict | 'other' {
  const { page, token } = one;
  for (let up = 1, far = 0; far < LINES.above && up <= MAX_LIST; up++) {
    const line = page.lines[one.line - up];
    if (!line) return null;
    if (isListed(page, line)) continue;
    const from = Math.max(line.start, line.end - 200);
    const last = lastName(page, from, line.end);
    const code = last && isOther(last) ? lastName(page, from, last.start, isCode) : last;
    const colon = /:\s*$/.test(page.text.slice(line.end - 3, line.end));
    if (last && isOther(last) && isFilling(page.text.slice(last.end, line.end)) && !(code && colon)) return 'other';
    if (code) {
      const closes = colon || isFilling(page.text.slice(code.end, line.end));
      if (hasCode(page, line) || (token.needs !== 'label' && (far > 0 || !closes)) || token.needs === 'named')
        return null;
      if (!isOneTime(code) && meansElsewhere(one)) return 'other';
      return {
        points: base(isOneTime(code)) - 5 * far - 3,
        reason: `alone on its line below "${written(page, code)}"`,
      };
    }
    far++;
  }
  return null;
}

/** Codes in consecutive lines all have the label above the first. */
function isListed(page: Page, line: Line): boolean {
  const [from, to] = line.candidates;
  return to - from === 1 && page.token(from) !== null && page.isAlone(from, line);
}

function hasCode(page: Page, { candidates: [from, to] }: Line): boolean {
  for (let number = from; number < to; number++) if (page.token(number)?.needs === 'label') return true;
  return false;
}

/** `This is your code.` in the line below. */
function aboveWords(one: Case): Verdict {
  const { page } = one;
  for (const line of page.lines.slice(one.line + 1, one.line + 1 + LINES.below)) {
    const label = firstName(page, line.start, Math.min(line.end, line.start + 120));
    if (line.candidates[0] < line.candidates[1] && hasCode(page, line)) return null;
    if (!label) continue;
    if (isOther(label) || (!isOneTime(label) && meansElsewhere(one))) return null;
    return { points: base(isOneTime(label)) - 15, reason: `alone on its line above "${written(page, label)}"` };
  }
  return null;
}

/** Whether a word like `code` refers to a discount or a meeting here. */
function meansElsewhere({ page, subject, token, line }: Case): boolean {
  if (subject.elsewhere) return true;
  const first = page.lines[Math.max(0, line - LINES.above)]?.start ?? 0;
  const last = page.lines[Math.min(page.lines.length - 1, line + LINES.below)]?.end ?? page.text.length;
  const from = Math.max(first, token.start - SURROUNDINGS.before);
  const label = page.elsewhere[firstFrom(page.elsewhere, from)];
  return label !== undefined && label.start < Math.min(last, token.end + SURROUNDINGS.after);
}

/** The first label in a range that names something. */
function firstName({ labels }: Page, from: number, to: number): Label | undefined {
  for (let at = firstFrom(labels, from); ; at++) {
    const label = labels[at];
    if (!label || label.end > to) return undefined;
    if (label.says & NAMES) return label;
  }
}

/** The last label in a range that fits. */
function lastName({ labels }: Page, from: number, to: number, fits = isName): Label | undefined {
  for (let at = firstFrom(labels, to) - 1; ; at--) {
    const label = labels[at];
    if (!label || label.start < from) return undefined;
    if (label.end <= to && fits(label)) return label;
  }
}

function isName({ says }: Label): boolean {
  return (says & NAMES) !== 0;
}

function isCode(label: Label): boolean {
  return (label.says & CODE) !== 0 && !isOther(label);
}

function isOther({ says }: Label): boolean {
  return (says & Says.other) !== 0;
}

function isOneTime({ says }: Label): boolean {
  return (says & Says.oneTime) !== 0;
}

function base(oneTime: boolean): number {
  return oneTime ? 100 : 80;
}

function written(page: Page, { start, end }: Label): string {
  return page.text.slice(start, end);
}
