import type { MailAttachment } from '../mail/attachment.ts';
import { hasPattern, told } from '../mail/pattern.ts';
import { refuse } from '../refusal.ts';
import { quoted } from './lines.ts';

/** What an attachment must be: all fields must match. */
export interface AttachmentTest {
  /** The whole file name, or a pattern it must match. */
  readonly filename?: string | RegExp;
  /** The content type without parameters, like `application/pdf`, ignoring case. */
  readonly contentType?: string | RegExp;
  /** Size of the content, in octets. */
  readonly size?: number | { readonly min?: number; readonly max?: number };
  /** The content; a string must equal all of it, read as UTF-8. */
  readonly content?: string | RegExp | Uint8Array;
}

/** Why an attachment does not match. */
export interface Miss {
  readonly field: string;
  readonly expected: string;
  readonly actual: string;
}

const FIELDS = ['filename', 'contentType', 'size', 'content'];

/** @throws {TypeError} for an invalid test */
export function attachmentTest(expected: string | RegExp | AttachmentTest): AttachmentTest {
  const doing = 'look for an attachment';
  if (typeof expected === 'string' || expected instanceof RegExp) return { filename: expected };
  const named = Object.entries(expected);
  if (named.length === 0)
    refuse(doing, '{} matches any attachment', `name one of ${FIELDS.join(', ')}, or leave it out`);
  for (const [field, value] of named) {
    if (!FIELDS.includes(field))
      refuse(doing, `an attachment test has no "${field}"`, 'use filename, contentType, size and content');
    // Ignoring it would let any attachment pass, and so would a test with a mistake in it.
    if (value === undefined) refuse(doing, `"${field}" is undefined`, 'give a value or leave it out');
  }
  const { size } = expected;
  if (typeof size === 'object') {
    const { min, max } = size;
    if (min === undefined && max === undefined)
      refuse(doing, '"size" without bounds matches any size', 'give "min" or "max"');
    if (min !== undefined && max !== undefined && min > max)
      refuse(doing, `"min" ${min} is more than "max" ${max}`, 'give the smaller number as "min"');
  }
  return expected;
}

/** The test in words. */
export function testText({ filename, contentType, size, content }: AttachmentTest): string {
  return [
    ...(filename === undefined ? [] : [`filename ${told(filename)}`]),
    ...(contentType === undefined ? [] : [`content type ${told(contentType)}`]),
    ...(size === undefined ? [] : [`size ${sizeText(size)}`]),
    ...(content === undefined ? [] : [`content ${contentText(content)}`]),
  ].join(' and ');
}

/** Every check that does not need the content. */
export function missesOf(test: AttachmentTest, attachment: MailAttachment): readonly Miss[] {
  const { filename, contentType, size } = test;
  const misses: Miss[] = [];
  const name = attachment.filename;
  if (filename !== undefined && !(name !== null && isText(filename, name))) {
    misses.push({ field: 'filename', expected: told(filename), actual: name === null ? 'none' : quoted(name) });
  }
  const type = typeof contentType === 'string' ? contentType.toLowerCase() : contentType;
  if (type !== undefined && !isText(type, attachment.contentType.toLowerCase())) {
    const expected = told(contentType ?? type);
    misses.push({ field: 'content type', expected, actual: quoted(attachment.contentType) });
  }
  if (size !== undefined && !isSize(size, attachment.size)) {
    misses.push({ field: 'size', expected: sizeText(size), actual: `${attachment.size} octets` });
  }
  return misses;
}

/** Why the content does not match; null if it does. */
export function contentMiss(expected: string | RegExp | Uint8Array, octets: Uint8Array): Miss | null {
  if (expected instanceof Uint8Array) {
    const at = firstDifference(expected, octets);
    if (at === null) return null;
    const actual = `${octets.length} octets that differ from octet ${at} on`;
    return { field: 'content', expected: contentText(expected), actual };
  }
  const text = new TextDecoder().decode(octets);
  if (isText(expected, text)) return null;
  const at = typeof expected === 'string' ? (firstDifference([...expected], [...text]) ?? 0) : 0;
  return { field: 'content', expected: contentText(expected, at), actual: quoted(text, at) };
}

function isText(expected: string | RegExp, actual: string): boolean {
  return typeof expected === 'string' ? expected === actual : hasPattern(actual, expected);
}

function isSize(expected: NonNullable<AttachmentTest['size']>, actual: number): boolean {
  if (typeof expected === 'number') return expected === actual;
  return actual >= (expected.min ?? 0) && actual <= (expected.max ?? Number.POSITIVE_INFINITY);
}

function sizeText(expected: NonNullable<AttachmentTest['size']>): string {
  if (typeof expected === 'number') return `${expected} octets`;
  const { min, max } = expected;
  const bounds = [...(min === undefined ? [] : [`at least ${min}`]), ...(max === undefined ? [] : [`at most ${max}`])];
  return `${bounds.join(' and ')} octets`;
}

function contentText(expected: string | RegExp | Uint8Array, at = 0): string {
  if (expected instanceof Uint8Array) return `${expected.length} octets`;
  return typeof expected === 'string' ? quoted(expected, at) : String(expected);
}

/** @returns null if they are equal */
function firstDifference(one: ArrayLike<unknown>, other: ArrayLike<unknown>): number | null {
  const length = Math.max(one.length, other.length);
  for (let i = 0; i < length; i++) if (one[i] !== other[i]) return i;
  return null;
}
