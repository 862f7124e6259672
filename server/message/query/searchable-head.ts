import type { Summary } from '../message.ts';
import { charsOf } from './inquiry.ts';
import { fold } from './term.ts';

/**
 * The searchable text of a summary, folded once so that searching 100,000 of them is fast.
 * @param most chars to fold; null for a longer text, which is left to a thread
 */
export function searchableHead(summary: Summary, most = MOST_HEAD): string | null {
  const { subject, from, to, cc, replyTo, envelope, username } = summary;
  // Those in `bcc` are in the envelope.
  const people = [...(from ? [from] : []), ...to, ...cc, ...replyTo].flatMap(({ name, address }) => [name, address]);
  const texts = [subject ?? '', ...people, envelope.from, username ?? '', ...envelope.to];
  if (charsOf(texts) > most) return null;
  // Line feeds keep a phrase from matching across two fields.
  const head = texts.join('\n');
  // Thousands of recipients in another script: that forms of a letter are one is then true of the first ones only.
  return head.length <= MAX_FOLDED
    ? fold(head)
    : fold(head.slice(0, MAX_FOLDED)) + head.slice(MAX_FOLDED).toLowerCase();
}

/** Chars. 10,000 recipients of usual length have a quarter of it. */
const MOST_HEAD = 1_000_000;
/** Chars. Header values alone are shorter: 256 KiB of them are read. */
const MAX_FOLDED = 300_000;
