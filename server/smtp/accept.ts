import { kindOf, MailstopError, reasonOf } from '../../wire/errors.ts';
import { type Log, Repeats } from '../log.ts';
import type { Deliver, Incoming } from '../message/message.ts';
import type { Reply } from './reply.ts';

/** The reply to DATA, and the id of the mail if it was stored. */
export interface Accepted {
  readonly reply: Reply;
  readonly id: string | null;
}

/** Disposing of it logs what was only counted. */
interface Accepting extends Disposable {
  accept(incoming: Incoming): Promise<Accepted>;
}

/** Log level for a mail that was not stored, by status of the reply; error if not listed. */
const LEVELS: Readonly<Record<string, 'info' | 'warn'>> = { '4.3.1': 'warn', '5.3.4': 'warn', '4.3.2': 'info' };

/**
 * Turns the result of `deliver` into the reply to DATA, and logs it. Mails rejected for the same reason, possibly many,
 * are logged as one line and a count.
 * @param within milliseconds, after which the client is told to try again; the mail may still be stored later
 */
export function acceptBy(deliver: Deliver, log: Log, within: number): Accepting {
  const repeats = new Repeats(log);
  const accept = async (incoming: Incoming) => {
    const facts = {
      from: incoming.envelope.from.address,
      to: incoming.envelope.to.length,
      size: incoming.raw.length,
      peer: incoming.peer.address,
    };
    try {
      const { id } = await inTime(deliver(incoming), within);
      log.info('smtp accepted', { id, ...facts });
      return { reply: { code: 250, status: '2.0.0', text: `Ok: queued as ${id}` }, id };
    } catch (error) {
      const reply = replyTo(error);
      const level = LEVELS[reply.status] ?? 'error';
      repeats.add(level, 'smtp not stored', kindOf(error), { ...facts, reason: reasonOf(error) });
      return { reply, id: null };
    }
  };
  return { accept, [Symbol.dispose]: () => repeats[Symbol.dispose]() };
}

function replyTo(error: unknown): Reply {
  const code = error instanceof MailstopError ? error.code : null;
  if (code === 'store-full') return { code: 452, status: '4.3.1', text: `Not stored: ${reasonOf(error)}` };
  if (code === 'message-too-large') return { code: 552, status: '5.3.4', text: `Not stored: ${reasonOf(error)}` };
  if (code === 'data-unwritable') return { code: 451, status: '4.3.0', text: `Not stored: ${reasonOf(error)}` };
  if (code === 'stopping') return { code: 451, status: '4.3.2', text: `Not stored: ${reasonOf(error)}` };
  return {
    code: 451,
    status: '4.3.0',
    text: 'Not stored: internal error, see the log; try again later',
  };
}

function inTime<T>(promise: Promise<T>, milliseconds: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = () => reject(new Error(`storing took longer than ${milliseconds} ms`));
    // Most mails are stored in this turn of the event loop and need no timer.
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
