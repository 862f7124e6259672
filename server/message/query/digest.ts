import type { Content } from '../message.ts';
import { type Body, bodyOf } from './matches.ts';

/** What lists and searches keep of a parsed mail: much less than the mail. */
export interface Digest extends Pick<Content, 'attachments' | 'preview' | 'warnings'> {
  readonly body: Body;
}

/** Slow: call it in a thread. */
export function digestOf(content: Content): Digest {
  const { attachments, preview, warnings } = content;
  return { attachments, preview, warnings, body: bodyOf(content) };
}
