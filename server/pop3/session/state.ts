import type { Command, Keyword } from './command.ts';
import type { Maildrop } from './maildrop.ts';
import type { Marks } from './marks.ts';

/** The state of a session (RFC 1939 §3). */
export type State =
  | Authorization
  /** AUTH came without an initial response: the next line is the response, not a command. */
  | { readonly name: 'challenged'; readonly before: Authorization }
  /** A login is being checked and its mailbox opened. */
  | { readonly name: 'opening'; readonly before: Authorization }
  | Transaction
  /** QUIT was given; marked messages are being deleted. */
  | { readonly name: 'update' }
  | { readonly name: 'closed' };

export interface Authorization {
  readonly name: 'authorization';
  /** The name from USER, until PASS uses it. */
  readonly user: string | null;
  readonly tls: boolean;
  readonly utf8: boolean;
  /** Number of failed logins. */
  readonly refused: number;
}

export interface Transaction {
  readonly name: 'transaction';
  readonly maildrop: Maildrop;
  /** Numbers of the messages marked as deleted. */
  readonly deleted: Marks;
  /** What STAT reports: number and size of the messages not marked as deleted. */
  readonly left: { readonly messages: number; readonly octets: number };
}

export type Login =
  | { readonly by: 'password'; readonly user: string; readonly password: string; readonly mailbox: string }
  | { readonly by: 'digest'; readonly user: string; readonly digest: string; readonly mailbox: string };

/** RFC 2449 §8, RFC 3206 §4. */
export type ResponseCode = 'AUTH' | 'SYS/TEMP';

/** What a step asks for. `login` and `remove` are answered with an {@link Outcome}. */
export type Effect =
  | { readonly do: 'ok'; readonly text: string }
  | { readonly do: 'err'; readonly code: ResponseCode | null; readonly text: string }
  /** The empty challenge of a SASL exchange. */
  | { readonly do: 'challenge' }
  | { readonly do: 'lines'; readonly text: string; readonly lines: readonly string[] }
  /** The sizes or the unique ids of all messages that are not deleted. */
  | {
      readonly do: 'scan';
      readonly what: 'sizes' | 'ids';
      readonly text: string;
      readonly maildrop: Maildrop;
      readonly deleted: Marks;
    }
  /** A message; with `lines`, its header and that many lines of its body. */
  | {
      readonly do: 'message';
      readonly number: number;
      readonly id: string;
      readonly size: number;
      readonly lines: number | null;
    }
  | { readonly do: 'login'; readonly login: Login }
  | { readonly do: 'remove'; readonly mailbox: string; readonly ids: readonly string[] }
  /** Delay the reply to a failed login. */
  | { readonly do: 'wait' }
  /** Discard all input received so far, then shake hands. */
  | { readonly do: 'tls' };

/** The result of a `login` or `remove`. */
export type Outcome =
  | { readonly type: 'opened'; readonly maildrop: Maildrop }
  | { readonly type: 'refused' }
  | { readonly type: 'removed'; readonly messages: number }
  /** The store failed. */
  | { readonly type: 'failed' };

/** What this server offers; the same in all sessions. */
export interface Policy {
  readonly stls: boolean;
  /** QUIT does not delete anything. */
  readonly keep: boolean;
  /** How many whole days mail is kept; null for less, or if only other limits delete it. */
  readonly days: number | null;
  /** The number of failed logins that ends a session. */
  readonly maxRefused: number;
  /** Name and version, for CAPA. */
  readonly implementation: string;
}

export interface Step {
  readonly state: State;
  readonly effects: readonly Effect[];
}

/** What each command does in a state; missing commands are rejected there. */
export type Handlers<S extends State> = {
  readonly [K in Keyword]?: (state: S, command: Command<K>, policy: Policy) => Step;
};

export function ok(state: State, text: string): Step {
  return { state, effects: [{ do: 'ok', text }] };
}

/** Replies with an error and changes nothing. */
export function refuse(state: State, text: string): Step {
  return { state, effects: [{ do: 'err', code: null, text }] };
}

/** Says goodbye; once that is sent, the connection is closed. */
export function quit(text: string): Step {
  return { state: { name: 'closed' }, effects: [{ do: 'ok', text }] };
}

export function countOf(messages: number): string {
  return messages === 1 ? '1 message' : `${messages} messages`;
}
