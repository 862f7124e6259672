import type { MimePart } from '../message.ts';
import { oneLine } from './charset.ts';
import type { Problems } from './problems.ts';
import type { ShownAs } from './shown-as.ts';
import type { Part } from './tree.ts';

/** The result of reading a part. */
export interface Reading {
  readonly shownAs: ShownAs;
  /** Its attachment index; null when it isn't one. */
  readonly attachment: number | null;
  /** As shown; made up if the part has none. */
  readonly filename: string | null;
  /** Size, decoded. */
  readonly octets: number;
}

/** Longest value shown, and most chars of parameters in one mail. */
const MAX_CHARS = 255;
const MAX_PARAMETER_CHARS = 65_536;

/** The parts as plain data. Parts of a mail within the mail are not read; only their structure is known. */
export function structureOf(root: Part, readings: ReadonlyMap<Part, Reading>, problems: Problems): MimePart {
  let room = MAX_PARAMETER_CHARS;
  const parametersOf = ({ header }: Part) => {
    const shown: Record<string, string> = {};
    for (const [name, { text }] of header.parameters) {
      room -= name.length + text.length;
      if (room < 0) break;
      // A name like __proto__ must be an ordinary property.
      Object.defineProperty(shown, short(name), { value: short(text), enumerable: true });
    }
    return shown;
  };
  const plain = (part: Part, children: readonly MimePart[]): MimePart => {
    const { path, header, headerAt, bodyAt, end } = part;
    const reading = readings.get(part);
    return {
      path,
      contentType: short(header.contentType),
      parameters: parametersOf(part),
      disposition: shortOrNull(header.disposition),
      filename: shortOrNull(reading?.filename ?? header.filename),
      encoding: short(header.encoding),
      contentId: shortOrNull(header.contentId),
      headerAt,
      bodyAt,
      end,
      size: reading?.octets ?? null,
      shownAs: reading?.shownAs ?? null,
      attachment: reading?.attachment ?? null,
      problems: problems.of(part),
      children,
    };
  };
  const children = new Map<Part | null, MimePart[]>();
  for (const part of [...everyPart(root)].toReversed()) {
    const siblings = children.get(part.parent) ?? [];
    siblings.unshift(plain(part, children.get(part) ?? []));
    children.set(part.parent, siblings);
  }
  return children.get(null)?.[0] ?? plain(root, []);
}

function shortOrNull(text: string | null): string | null {
  return text === null ? null : short(text);
}

function short(text: string): string {
  return oneLine(text).slice(0, MAX_CHARS);
}

/** Each part before its children. */
export function* everyPart(root: Part): Generator<Part> {
  const open: Part[] = [root];
  for (let part = open.pop(); part; part = open.pop()) {
    yield part;
    open.push(...part.children.toReversed());
  }
}
