import type { FindPart } from '../../message/html/cid.ts';
import type { Attachment } from '../../message/message.ts';

/** What the frame of a mail may do: open a link in a tab, when its reader follows one. */
export const SANDBOX = 'allow-popups allow-popups-to-escape-sandbox';

/**
 * The policy of the page that holds one mail's HTML. It runs nothing, sends nothing and asks nobody but us for
 * anything. Framing it in a sandbox is the inbox's part; opened by itself, the `sandbox` here does the same.
 * @param remote whether the reader chose to load what the mail points to
 */
export function mailPolicy(remote: boolean): string {
  const elsewhere = remote ? ' https: http:' : '';
  return [
    `sandbox ${SANDBOX}`,
    "default-src 'none'",
    `img-src 'self' data:${elsewhere}`,
    `style-src 'unsafe-inline'${elsewhere}`,
    `font-src data:${elsewhere}`,
    `media-src 'self' data:${elsewhere}`,
    "form-action 'none'",
    "base-uri 'none'",
    "frame-ancestors 'self'",
  ].join('; ');
}

/** What the page of a mail shows at the Content-IDs of its parts. */
export function partUrls(id: string, attachments: readonly Attachment[]): FindPart {
  const urls = new Map(
    attachments.flatMap(({ contentId, index }) =>
      contentId === null ? [] : [[contentId, `/api/messages/${id}/attachments/${index}`] as const],
    ),
  );
  return (contentId) => urls.get(contentId);
}
