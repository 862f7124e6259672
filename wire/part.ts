import { z } from 'zod';
import { count } from './message.ts';
import type { Of } from './read-only.ts';

/**
 * A part of a mail (RFC 2046), including the mail itself. Offsets are octets in `/api/messages/{id}/raw`. Values are
 * truncated at 255 characters, and all parameters together at 65,536.
 */
export const part = z.object({
  /** Numbered as in IMAP (RFC 3501 §6.4.5), like `1.2`; `TEXT` for a multipart that is the body of a mail. */
  path: z.string(),
  /** Lower case, without parameters. */
  contentType: z.string(),
  /** Parameters of Content-Type, decoded. */
  parameters: z.record(z.string(), z.string()),
  /** Content-Disposition, lower case, without parameters. */
  disposition: z.string().nullable(),
  filename: z.string().nullable(),
  /** Content-Transfer-Encoding, lower case. */
  encoding: z.string(),
  contentId: z.string().nullable(),
  headerAt: count,
  bodyAt: count,
  /** The first octet after the body. */
  end: count,
  /** Decoded size in octets; null for multiparts and for parts of a nested mail, which are not decoded. */
  size: count.nullable(),
  /** How a reader sees it; null if it is not decoded. */
  shownAs: z.enum(['text', 'html', 'attachment']).nullable(),
  /** The index in `/api/messages/{id}/attachments/{index}`; null if it is not an attachment. */
  attachment: count.nullable(),
  /** In sentences: what was guessed and what is not shown. */
  problems: z.array(z.string()),
  get children() {
    return z.array(part);
  },
});

export type Part = Of<typeof part>;
