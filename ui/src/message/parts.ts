import type { Message } from '../../../client/index.ts';
import type { Tab } from '../route.ts';

/** The tabs of this message, in order. */
export function tabsOf({ html, text }: Message): readonly Tab[] {
  return [
    ...(html === null ? [] : (['html'] as const)),
    ...(text === null && html !== null ? [] : (['text'] as const)),
    'links',
    'source',
    'headers',
    'parts',
  ];
}

/** The requested tab if the message has it, or else the first. */
export function shownTab(message: Message, asked: Tab | null): Tab {
  const tabs = tabsOf(message);
  return tabs.find((tab) => tab === asked) ?? tabs[0] ?? 'source';
}

const REMOTE = [
  /\b(?:src|srcset|background|poster)\s{0,9}=\s{0,9}["']?\s{0,9}(?:https?:)?\/\//i,
  /<link\b[^>]{0,300}\bhref\s{0,9}=\s{0,9}["']?\s{0,9}(?:https?:)?\/\//i,
  /(?:url\(|@import)\s{0,9}["']?\s{0,9}(?:https?:)?\/\//i,
] as const;

/**
 * Whether a browser would fetch anything remote to show the HTML. Repetitions in the patterns are bounded, so that no
 * mail can make this slow.
 */
export function hasRemoteContent(html: string): boolean {
  return REMOTE.some((pattern) => pattern.test(html));
}

/** Whether the server sends this type as a picture; it sends others as downloads. */
export function isPicture(contentType: string): boolean {
  return /^image\/(?:png|jpe?g|gif|webp|avif)$/.test(contentType);
}

/** Whether the envelope differs from the headers: another sender, or other recipients. */
export function envelopeDiffers({ envelope, from, bcc, to, cc }: Message): boolean {
  const headerSender = from?.address.toLowerCase() ?? '';
  const named = new Set([...to, ...cc].map(({ address }) => address.toLowerCase()));
  const reached = new Set(envelope.to.map((address) => address.toLowerCase()));
  return (
    envelope.from.toLowerCase() !== headerSender ||
    bcc.length > 0 ||
    named.size !== reached.size ||
    [...named].some((address) => !reached.has(address))
  );
}
