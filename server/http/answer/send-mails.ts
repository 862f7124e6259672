import type { Response } from 'express';
import type * as wire from '../../../wire/message.ts';
import type { Slices } from '../../slices.ts';
import type { Store, StoredMessage } from '../../store/store.ts';
import { toWireMessage } from './present.ts';
import { jsonPieces } from './send-json.ts';
import { sendPieces } from './send-pieces.ts';

/** Most whole mails in one response. */
export const MAX_WHOLE = 200;

/**
 * Sends `head` with the mails added as `messages`. A mail is loaded only when the client has read nearly all of the
 * previous ones, so that not all are in memory at the same time.
 */
export async function sendMails(
  res: Response,
  head: object,
  mails: readonly MailToSend[],
  slices: Slices,
): Promise<void> {
  res.type('json');
  await sendPieces(res, pieces(head, mails), slices);
}

/** Loads a mail when it is its turn. Null if it no longer exists. */
export type MailToSend = () => Promise<wire.Message | wire.Summary | null>;

async function* pieces(head: object, mails: readonly MailToSend[]): AsyncGenerator<string> {
  yield `${JSON.stringify(head).slice(0, -1)},"messages":[`;
  let comma = '';
  for (const mail of mails) {
    const made = await mail();
    if (made === null) continue;
    yield comma;
    yield* jsonPieces(made);
    comma = ',';
  }
  yield ']}';
}

/** Parses each mail when it is its turn. */
export function wholeMails(store: Pick<Store, 'content'>, mails: readonly StoredMessage[]): readonly MailToSend[] {
  return mails.map((stored) => async () => {
    const content = await store.content(stored.summary.id);
    return content && toWireMessage(stored, content);
  });
}
