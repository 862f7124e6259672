import { type Body, bodyOf } from './matches.ts';
import type { Content } from './message.ts';

/** What lists and searches keep of a parsed mail: much less than the mail. */
export interface Digest extends Pick<Content, 'attachments' | 'preview'> {
  readonly body: Body;
}

/** Belongs into a thread. */
export function digestOf(content: Content): Digest {
  const { attachments, preview } = content;
  return { attachments, preview, body: bodyOf(content) };
}
