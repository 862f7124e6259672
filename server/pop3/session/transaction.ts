import { capa, lang } from './capability.ts';
import type { Maildrop } from './maildrop.ts';
import { Marks } from './marks.ts';
import { countOf, type Effect, type Handlers, ok, quit, refuse, type Step, type Transaction } from './state.ts';

/** The commands after login (RFC 1939 §5). */
export const transaction: Handlers<Transaction> = {
  // One space between the two numbers, none after them (RFC 1939 §5).
  STAT: (state) => ok(state, `${state.left.messages} ${state.left.octets}`),
  LIST: (state, { number }) =>
    scan(state, number, 'sizes', `${countOf(state.left.messages)} (${state.left.octets} octets)`),
  UIDL: (state, { number }) => scan(state, number, 'ids', countOf(state.left.messages)),
  RETR: (state, { number }) => withMessage(state, number, (message) => ({ state, effects: [message] })),
  // More lines than the body has is not an error (RFC 1939 §7).
  TOP: (state, { number, lines }) =>
    withMessage(state, number, (message) => ({ state, effects: [{ ...message, lines }] })),
  DELE: (state, { number }) =>
    withMessage(state, number, ({ size }) => {
      const left = { messages: state.left.messages - 1, octets: state.left.octets - size };
      return ok({ ...state, deleted: state.deleted.with(number), left }, `message ${number} deleted`);
    }),
  RSET: ({ maildrop }) => {
    const fresh = opened(maildrop);
    return ok(fresh, summaryOf(fresh));
  },
  NOOP: (state) => ok(state, 'nothing done'),
  LANG: (state, { range }) => lang(state, range),
  CAPA: (state, _, policy) => capa(state, policy),
  QUIT: ({ maildrop, deleted }, _, { keep }) => {
    if (deleted.size === 0) return quit('goodbye');
    if (keep) return quit(`goodbye, ${countOf(deleted.size)} kept for the next session`);
    // The reply says whether the deletions worked, so it comes after them (RFC 1939 §6).
    const ids = maildrop.ids.filter((_id, index) => deleted.has(index + 1));
    return { state: { name: 'update' }, effects: [{ do: 'remove', mailbox: maildrop.mailbox, ids }] };
  },
};

/** The state after login, and after RSET. */
export function opened(maildrop: Maildrop): Transaction {
  const left = { messages: maildrop.ids.length, octets: maildrop.octets };
  return { name: 'transaction', maildrop, deleted: Marks.none, left };
}

export function summaryOf({ left }: Transaction): string {
  return `${countOf(left.messages)} (${left.octets} octets)`;
}

/** LIST and UIDL: all messages that are not deleted, or one message on one line. */
function scan(state: Transaction, number: number | null, what: 'sizes' | 'ids', text: string): Step {
  const { maildrop, deleted } = state;
  if (number === null) return { state, effects: [{ do: 'scan', what, text, maildrop, deleted }] };
  return withMessage(state, number, ({ id, size }) => ok(state, `${number} ${what === 'sizes' ? size : id}`));
}

/** The one place that decides whether a message number is valid: numbers never change in a session (RFC 1939 §5). */
function withMessage(
  state: Transaction,
  number: number,
  then: (message: Extract<Effect, { do: 'message' }>) => Step,
): Step {
  const id = state.maildrop.ids[number - 1];
  const size = state.maildrop.sizes[number - 1];
  if (id === undefined || size === undefined) {
    return refuse(state, `no such message, there are ${state.maildrop.ids.length}`);
  }
  if (state.deleted.has(number)) return refuse(state, `message ${number} is deleted`);
  return then({ do: 'message', number, id, size, lines: null });
}
