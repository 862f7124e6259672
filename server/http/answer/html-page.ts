import type { FindPart } from '../../message/html/cid.ts';
import type { Attachment } from '../../message/message.ts';

/** What the frame of a mail may do: open a link in a new tab when the user clicks it. */
export const SANDBOX = 'allow-popups allow-popups-to-escape-sandbox';

/**
 * The CSP of the page with one mail's HTML: no scripts, no forms, no requests except to us. The inbox frames the page
 * in a sandbox; if the page is opened directly, the `sandbox` here does the same.
 * @param remote whether the user chose to load remote content
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

/** Maps the Content-IDs of a mail's parts to their URLs. */
export function partUrls(id: string, attachments: readonly Attachment[]): FindPart {
  const urls = new Map(
    attachments.flatMap(({ contentId, index }) =>
      contentId === null ? [] : [[contentId, `/api/messages/${id}/attachments/${index}`] as const],
    ),
  );
  return (contentId) => urls.get(contentId);
}
