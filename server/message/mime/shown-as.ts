import type { Part } from './tree.ts';

/** What a reader sees a part as; null for a multipart, which is only there to hold others. */
export type ShownAs = 'text' | 'html' | 'attachment';

/** What is shown as the body (RFC 3464 §2.1 for the last). */
const BODIES: ReadonlyMap<string, ShownAs> = new Map([
  ['text/plain', 'text'],
  ['text/html', 'html'],
  ['message/delivery-status', 'text'],
]);

/**
 * Bodies are what has a type for it and isn't meant to be a file. A mail within the mail is a file, whatever its
 * disposition.
 */
export function shownAs(part: Part): ShownAs | null {
  const { header, children, faults } = part;
  if (header.contentType.startsWith('multipart/')) {
    if (children.length > 0) return null;
    return faults.includes('too-deep') ? 'attachment' : 'text';
  }
  const body = BODIES.get(header.contentType);
  const inline = header.disposition === null || header.disposition === 'inline';
  return body !== undefined && inline && !isNamedText(part) ? body : 'attachment';
}

/** A text in a row of parts that names a file is one, even if it says `inline`. */
function isNamedText({ header, parent }: Part): boolean {
  return header.dispositionName !== null && parent?.header.contentType === 'multipart/mixed';
}
