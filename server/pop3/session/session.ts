/**
 * A POP3 session, without I/O: lines go in, a new state and effects come out. It implements
 *
 * - RFC 1939  Post Office Protocol - Version 3, all optional commands included
 * - RFC 2449  POP3 Extension Mechanism: CAPA, PIPELINING, response codes, line lengths
 * - RFC 2595  Using TLS with IMAP, POP3 and ACAP: STLS
 * - RFC 3206  The SYS and AUTH POP Response Codes
 * - RFC 5034  POP3 SASL Authentication Mechanism: AUTH, with PLAIN of RFC 4616
 * - RFC 6856  POP3 Support for UTF-8: UTF8, LANG
 *
 * We break one rule on purpose: a message with UTF-8 in its header is sent unchanged even to a client that did not give
 * UTF8 (RFC 6856 §2.1 wants it rejected or rewritten). A sandbox shows what was sent.
 */
import type { Line } from '../../net/line-reader.ts';
import { answerChallenge, authorization, beforeLogin, begun, refuseLogin } from './authorization.ts';
import { type Command, type Keyword, parse } from './command.ts';
import { countOf, type Handlers, type Outcome, type Policy, quit, refuse, type State, type Step } from './state.ts';
import { opened, summaryOf, transaction } from './transaction.ts';

/** The longest command, CRLF included (RFC 2449 §4). */
const MAX_COMMAND = 255;
/** A SASL response may be longer: as long as in SMTP (RFC 4954 §4). */
const MAX_RESPONSE = 12_288;

/** @param timestamp the message id for APOP digests; a greeting that contains one offers APOP (RFC 1939 §7) */
export function begin(tls: boolean, timestamp: string): Step {
  return { state: { ...begun, tls }, effects: [{ do: 'ok', text: `Mailstop POP3 ready ${timestamp}` }] };
}

/** The longest line accepted in this state, including its line end, in octets. */
export function lineLimit(state: State): number {
  return state.name === 'challenged' ? MAX_RESPONSE : MAX_COMMAND;
}

/** Processes a line from the client. Never throws, whatever the line. */
export function step(state: State, line: Line, policy: Policy): Step {
  switch (state.name) {
    case 'challenged':
      if (line.type === 'too-long')
        return refuse(state.before, `the response is too long: at most ${MAX_RESPONSE} octets`);
      return answerChallenge(state.before, line.text);
    case 'authorization':
    case 'transaction': {
      if (line.type === 'too-long') return refuse(state, `the command is too long: at most ${MAX_COMMAND} octets`);
      const command = parse(line.text);
      if (command.name === 'misunderstood') return refuse(state, command.reason);
      return state.name === 'authorization'
        ? handle(authorization, state, command, policy)
        : handle(transaction, state, command, policy);
    }
    // No lines are read while an outcome is pending; after the end there are none.
    case 'opening':
    case 'update':
    case 'closed':
      return { state, effects: [] };
  }
}

/** Processes the outcome of a `login` or `remove`. */
export function settle(state: State, outcome: Outcome, policy: Policy): Step {
  if (state.name === 'opening') {
    if (outcome.type === 'refused') return refuseLogin(state.before, policy);
    if (outcome.type !== 'opened') {
      return {
        state: state.before,
        effects: [{ do: 'err', code: 'SYS/TEMP', text: 'the mailbox could not be opened' }],
      };
    }
    const transaction = opened(outcome.maildrop);
    return { state: transaction, effects: [{ do: 'ok', text: summaryOf(transaction) }] };
  }
  if (state.name === 'update') {
    // Mails that someone else has deleted meanwhile are gone too, which is what the client asked for.
    if (outcome.type === 'removed') return quit(`goodbye, ${countOf(outcome.messages)} deleted`);
    const no = { do: 'err', code: 'SYS/TEMP', text: 'some deleted messages were not removed' } as const; // RFC 1939 §6
    return { state: { name: 'closed' }, effects: [no] };
  }
  return { state, effects: [] };
}

function handle<S extends State, K extends Keyword>(
  handlers: Handlers<S>,
  state: S,
  command: Command<K>,
  policy: Policy,
): Step {
  const handler = handlers[command.name];
  if (handler) return handler(state, command, policy);
  const when = beforeLogin.has(command.name) ? 'is only allowed before login' : 'needs a login';
  return refuse(state, `${command.name} ${when}`);
}
