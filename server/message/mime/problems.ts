import type { Leaf } from './read-leaf.ts';
import type { Part, StructureFault } from './tree.ts';

/** Something that was guessed or is not shown: the end of a sentence that begins with the part. */
export type Problem = string;

const FAULTS: Readonly<Record<StructureFault | Leaf['faults'][number] | 'too-many-files', Problem>> = {
  'header-cut': 'the header block has more than 256 KiB or 1,000 fields; the rest of it was not read.',
  'header-late': 'there are empty lines before the header block; they were skipped.',
  'header-abrupt': 'the empty line between header and body is missing.',
  'header-damaged': 'the header has octets that are not valid in their charset; they are shown as "\ufffd" (U+FFFD).',
  'too-many-parameters': 'a field of the header has more than 1,000 parameters; the rest were not read.',
  'torn-parameter': 'a header parameter lacks a piece (RFC 2231 §3); the pieces after it were not read.',
  'no-boundary': 'the Content-Type gives no boundary, so the body is shown as received.',
  'boundary-not-found': 'no parts were found in the body, so it is shown as received.',
  'no-final-boundary': 'the final boundary is missing; the mail may be cut off.',
  'ended-from-outside': 'the final boundary is missing; the part was ended at the boundary of an outer multipart.',
  'parts-after-the-end': 'there are more parts after the final boundary; they were not read.',
  'encoded-multipart': 'a multipart may not have a transfer encoding; it was ignored.',
  'too-deep': 'parts are nested more than 100 levels deep; the innermost are shown as a file.',
  'too-many-parts': 'the mail has more than 1,000 parts; the rest of it was not read.',
  'too-many-inner-parts': 'the mails within the mail have more than 1,000 parts; the rest are not listed.',
  'too-many-files': 'the mail has more than 1,000 parts and uuencoded files; the rest of the files stay in the text.',
  'base64-skipped': 'the base64 has characters that do not belong there; they were skipped.',
  'base64-cut': 'the base64 is incomplete; the end may be missing.',
  'bad-escape': 'the quoted-printable has a "=" that escapes nothing; it was kept as it is.',
  'bad-uuencode': 'the uuencoded text is broken; what could be read of it is shown.',
  'unknown-encoding': 'the Content-Transfer-Encoding is unknown; the octets are shown as received.',
};

export function problemOf(fault: keyof typeof FAULTS): Problem {
  return FAULTS[fault];
}

export function unknownCharset(charset: string): Problem {
  return `the charset "${charset.slice(0, 40)}" is unknown, so the characters were guessed.`;
}

export function invalidOctets(what: 'text' | 'HTML', charset: string): Problem {
  return `the ${what} has octets that are not valid ${charset.slice(0, 40)}; they are shown as "\ufffd" (U+FFFD).`;
}

/** Collects problems and the parts that have them. */
export class Problems {
  readonly #parts = new Map<Problem, Part[]>();
  readonly #ofPart = new Map<Part, Problem[]>();

  add(part: Part, problem: Problem): void {
    this.#parts.set(problem, [...(this.#parts.get(problem) ?? []), part]);
    this.#ofPart.set(part, [...(this.#ofPart.get(part) ?? []), problem]);
  }

  /** Sentences about the mail, each problem once. */
  sentences(): string[] {
    return [...this.#parts].map(([problem, parts]) => about(parts, problem));
  }

  /** Sentences about one part. */
  of(part: Part): string[] {
    return (this.#ofPart.get(part) ?? []).map(capitalized);
  }
}

const MAX_NAMED = 3;

function about(parts: readonly Part[], problem: Problem): string {
  if (parts.some(({ parent }) => parent === null)) return capitalized(problem);
  const names = parts.slice(0, MAX_NAMED).map(({ path }) => path);
  const more = parts.length - names.length;
  const which = more > 0 ? `${names.join(', ')} and ${more} more` : names.join(', ').replace(/, ([^,]*)$/, ' and $1');
  return `${parts.length === 1 ? 'Part' : 'Parts'} ${which}: ${problem}`;
}

export function capitalized(problem: Problem): string {
  return problem.charAt(0).toUpperCase() + problem.slice(1);
}
