import type { Content, Extracts } from './message.ts';
import type { ParsedMail } from './parsed-mail.ts';
import { decodedHeaders } from './summary.ts';

// Apart from `parsed-mail.ts`, so that the main thread, which parses no bodies, does not load the code for it.

export const nothing: Extracts = { links: [], codes: [], code: null, images: [], unsubscribe: [] };

/** The content of a mail whose body could not be parsed: its headers, and why. */
export function unparsed(raw: Buffer, problem: string | null): ParsedMail {
  const content: Content = {
    text: null,
    html: null,
    headers: decodedHeaders(raw),
    attachments: [],
    searchText: '',
    preview: '',
    warnings: [],
    ...nothing,
    structure: null,
    problem,
  };
  return { content, parts: [] };
}
