import { MailstopError, reasonOf } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Deliver, Incoming } from '../message/message.ts';
import type { Reply } from './reply.ts';

/**
 * Turns what `deliver` makes of a mail into the reply to its data, and tells the log.
 * @param within milliseconds, after which the client is told to come again; the mail may still be stored later
 */
export function acceptBy(deliver: Deliver, log: Log, within: number): (incoming: Incoming) => Promise<Reply> {
  return async (incoming) => {
    const facts = {
      from: incoming.envelope.from.address,
      to: incoming.envelope.to.length,
      size: incoming.raw.length,
      peer: incoming.peer.address,
    };
    try {
      const { id } = await inTime(deliver(incoming), within);
      log.info('smtp accepted', { id, ...facts });
      return { code: 250, status: '2.0.0', text: `Ok: queued as ${id}` };
    } catch (error) {
      const reply = replyTo(error);
      log[reply.code === 451 ? 'error' : 'warn']('smtp not stored', { ...facts, reason: reasonOf(error) });
      return reply;
    }
  };
}

function replyTo(error: unknown): Reply {
  const code = error instanceof MailstopError ? error.code : null;
  if (code === 'store-full') return { code: 452, status: '4.3.1', text: `Not stored: ${reasonOf(error)}` };
  if (code === 'message-too-large') return { code: 552, status: '5.3.4', text: `Not stored: ${reasonOf(error)}` };
  return {
    code: 451,
    status: '4.3.0',
    text: 'Not stored: something failed inside, the log says what; try again later',
  };
}

function inTime<T>(promise: Promise<T>, milliseconds: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = () => reject(new Error(`storing took longer than ${milliseconds} ms`));
    // Most mails are stored within this turn of the event loop, and need no clock.
    let timer: NodeJS.Timeout | undefined;
    const turn = setImmediate(() => {
      timer = setTimeout(late, milliseconds);
    });
    const settled = () => {
      clearImmediate(turn);
      clearTimeout(timer);
    };
    promise.then(
      (value) => {
        settled();
        resolve(value);
      },
      (error: unknown) => {
        settled();
        reject(error);
      },
    );
  });
}
