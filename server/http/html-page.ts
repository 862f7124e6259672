import type { Attachment } from '../message/message.ts';

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

/**
 * The page: the mail's HTML with its inline parts found, and links that open in a tab of their own. Nothing is
 * sanitised, since what an app really sent is what its developer has to see; the policy makes it harmless.
 */
export function mailPage(id: string, html: string, attachments: readonly Attachment[]): string {
  const urls = new Map(
    attachments.flatMap(({ contentId, index }) =>
      contentId === null ? [] : [[contentId, `/api/messages/${id}/attachments/${index}`] as const],
    ),
  );
  return mailFrame(html, urls);
}

/** The content of a frame for a mail's HTML. @param urls of its inline parts, by their Content-IDs */
export function mailFrame(html: string, urls: ReadonlyMap<string, string>): string {
  const linked = html.replaceAll(/\bcid:([^\s"'<>()\\]{1,998})/gi, (reference: string, cid: string) => {
    return urls.get(cid.replaceAll('&amp;', '&')) ?? urls.get(decoded(cid)) ?? reference;
  });
  // The base goes behind the doctype: before it, it would put the browser into quirks mode.
  const [doctype = ''] = /^\s*<!doctype[^>]{0,1000}>/i.exec(linked) ?? [];
  return `${doctype}<base target="_blank">${linked.slice(doctype.length)}`;
}

/** Content-IDs are percent-encoded in a cid URL (RFC 2392 §2). */
function decoded(cid: string): string {
  try {
    return decodeURIComponent(cid);
  } catch {
    return cid;
  }
}
