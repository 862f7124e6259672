import { z } from 'zod';
import { count } from './message.ts';

/**
 * A part of a mail (RFC 2046), the mail itself among them. Places are octets of `/api/messages/{id}/raw`. Values are cut
 * at 255 characters, and no more than 65,536 characters of all parameters are shown.
 */
export const part = z.object({
  /** As IMAP numbers it (RFC 3501 §6.4.5), like `1.2`; `TEXT` for a multipart that is the body of a mail. */
  path: z.string(),
  /** Lower case, without parameters. */
  contentType: z.string(),
  /** Those of Content-Type, decoded. */
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
  /** Octets, decoded; null for multiparts and for the parts of a mail within the mail, which are not decoded. */
  size: count.nullable(),
  /** What a reader sees it as; null for what is not decoded. */
  shownAs: z.enum(['text', 'html', 'attachment']).nullable(),
  /** Its place in `/api/messages/{id}/attachments/{index}`; null when it is no attachment. */
  attachment: count.nullable(),
  /** Sentences: what was guessed and what is not shown. */
  problems: z.array(z.string()),
  get children() {
    return z.array(part);
  },
});

export type Part = z.infer<typeof part>;
