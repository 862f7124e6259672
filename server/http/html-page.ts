import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setImmediate } from 'node:timers/promises';
import type { Response } from 'express';
import type { FindPart } from '../message/html/cid.ts';
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

/** What the page of a mail shows at the Content-IDs of its parts. */
export function partUrls(id: string, attachments: readonly Attachment[]): FindPart {
  const urls = new Map(
    attachments.flatMap(({ contentId, index }) =>
      contentId === null ? [] : [[contentId, `/api/messages/${id}/attachments/${index}`] as const],
    ),
  );
  return (contentId) => urls.get(contentId);
}

/** In milliseconds: longer than this nobody else shall wait. */
const TURN = 5;

/** Sends a text that is made piece by piece, with turns for others in between. */
export async function sendInTurns(res: Response, pieces: Iterable<string>): Promise<void> {
  await pipeline(Readable.from(inTurns(pieces), { objectMode: false }), res);
}

async function* inTurns(pieces: Iterable<string>): AsyncGenerator<string> {
  let since = performance.now();
  for (const piece of pieces) {
    if (piece !== '') yield piece;
    if (performance.now() - since < TURN) continue;
    await setImmediate();
    since = performance.now();
  }
}
