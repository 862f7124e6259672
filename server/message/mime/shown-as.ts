import type { Part } from './tree.ts';

/** How a part is shown. */
export type ShownAs = 'text' | 'html' | 'attachment';

/** Types that are shown as the body (RFC 3464 §2.1 for the last). */
const BODIES: ReadonlyMap<string, ShownAs> = new Map([
  ['text/plain', 'text'],
  ['text/html', 'html'],
  ['message/delivery-status', 'text'],
]);

/**
 * How a part is shown; null for a multipart, which only holds others. A body has a body type and isn't marked as a
 * file. A mail within the mail is always a file, whatever its disposition.
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

/** A text with a file name in a multipart/mixed is a file, even if it says `inline`. */
function isNamedText({ header, parent }: Part): boolean {
  return header.dispositionName !== null && parent?.header.contentType === 'multipart/mixed';
}
