import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { kindOf, reasonOf } from '../../wire/errors.ts';
import type { Log, Repeats } from '../log.ts';
import { type BadEnds, nameOf, reasonOfEnd } from '../net/bad-ends.ts';
import type { Recording, SessionRecorder } from '../net/sessions.ts';
import { type Stranger, strangerIn } from '../net/stranger.ts';
import type { Slices } from '../slices.ts';
import type { Store } from '../store/store.ts';
import { type Accounts, admits } from './accounts.ts';
import { badEndOf } from './ending.ts';
import { type Handshake, Link } from './link.ts';
import type { Mailboxes } from './mailbox.ts';
import { stuffed, top } from './octets.ts';
import { emptyChallenge, errLine, multiLine, okLine, plainLines, scanLines } from './reply.ts';
import { saidByClient, saidByServer } from './said.ts';
import { begin, lineLimit, settle, step } from './session/session.ts';
import type { Effect, Login, Outcome, Policy, State, Step } from './session/state.ts';

/** Timeouts, in milliseconds. */
export interface Pop3Times {
  /** Without a command, or progress in a reply; the standard asks for at least ten minutes (RFC 1939 §3). */
  readonly autologout: number;
  /** Delay of the reply to a failed login. */
  readonly refusal: number;
  /** For a TLS handshake. */
  readonly handshake: number;
  /** For the client to close its side after a goodbye, and for pending replies when the server stops. */
  readonly grace: number;
}

/** How many mails are deleted at a time. */
const REMOVALS = 500;

/** Shared by all connections. */
export interface Surroundings {
  readonly store: Store;
  readonly mailboxes: Mailboxes;
  readonly accounts: Accounts;
  readonly policy: Policy;
  readonly times: Pop3Times;
  readonly log: Log;
  readonly sessions: SessionRecorder;
  readonly lost: BadEnds;
  /** Failures of the store. */
  readonly failures: Repeats;
  readonly slices: Slices;
  /** TLS from the first octet. */
  readonly implicitTls: boolean;
  /** @returns a message id, unique to the connection, for APOP */
  readonly timestamp: () => string;
  readonly handshake: Handshake;
}

/** One client's session: passes each line to the state machine and carries out the effects. */
export class Connection {
  readonly #link: Link;
  readonly #around: Surroundings;
  readonly #timestamp: string;
  readonly #recording: Recording;
  /** A reply that may be cut short. */
  #sending: 'RETR' | 'TOP' | null = null;
  #stranger: Stranger | null = null;

  constructor(socket: Socket, around: Surroundings) {
    this.#around = around;
    this.#timestamp = around.timestamp();
    this.#recording = around.sessions.begin(around.implicitTls ? 'POP3S' : 'POP3', nameOf(socket), null);
    this.#link = new Link(
      socket,
      lineLimit(begin(false, this.#timestamp).state),
      around.times.autologout,
      around.slices,
    );
  }

  /** Resolves when the connection is closed. Never rejects. */
  async run(): Promise<void> {
    const { implicitTls, times, log } = this.#around;
    try {
      if (implicitTls) await this.#secure();
      const state = await this.#converse(await this.#take(begin(implicitTls, this.#timestamp)));
      this.#tellEnd(state);
      await this.#link.close(times.grace);
    } catch (error) {
      this.#recording.end('internal error, see the log');
      log.error('pop3 session failed', { client: this.#link.client, reason: reasonOf(error) });
      this.#link.cut();
    }
  }

  /** @returns the state in which the session ended */
  async #converse(begun: State): Promise<State> {
    let state = begun;
    while (state.name !== 'closed') {
      this.#link.limit = lineLimit(state);
      const line = await this.#link.line();
      if (line === null) break; // without QUIT nothing is deleted (RFC 1939 §6)
      if (strangerIn(line.type === 'line' ? line.text : line.begin) === 'HTTP') {
        this.#stranger = 'HTTP';
        await this.#link.write(errLine(null, 'this is POP3, not HTTP'));
        break;
      }
      this.#recording.client(saidByClient(state, line));
      state = await this.#take(step(state, line, this.#around.policy));
    }
    return state;
  }

  #tellEnd(state: State): void {
    const { lost, policy } = this.#around;
    const { loss, stranger, stopped, client } = this.#link;
    if (stopped) return this.#recording.end(null);
    const known = { state, sending: this.#sending, loss, stranger: this.#stranger ?? stranger, stls: policy.stls };
    const end = badEndOf(known);
    if (end) lost.add({ peer: client, ...end });
    this.#recording.end(end && reasonOfEnd(end));
  }

  stop(): void {
    this.#link.stop();
  }

  cut(): void {
    this.#link.cut();
  }

  /** Carries out the effects of a step, and those that follow from their outcomes. */
  async #take({ state, effects }: Step): Promise<State> {
    let current = state;
    for (const effect of effects) {
      const outcome = await this.#perform(effect);
      if (outcome !== null) current = await this.#take(settle(current, outcome, this.#around.policy));
    }
    return current;
  }

  async #perform(effect: Effect): Promise<Outcome | null> {
    switch (effect.do) {
      case 'login':
        return this.#login(effect.login);
      case 'remove':
        return this.#remove(effect.mailbox, effect.ids);
      default:
        await this.#act(effect);
        return null;
    }
  }

  #act(effect: Exclude<Effect, { do: 'login' | 'remove' }>): Promise<unknown> {
    const said = saidByServer(effect);
    if (said !== null) this.#recording.server(said);
    switch (effect.do) {
      case 'ok':
        return this.#link.write(okLine(effect.text));
      case 'err':
        return this.#link.write(errLine(effect.code, effect.text));
      case 'challenge':
        return this.#link.write(emptyChallenge);
      case 'lines':
        return this.#link.writeAll(multiLine(effect.text, plainLines(effect.lines)));
      case 'scan':
        return this.#link.writeAll(multiLine(effect.text, scanLines(effect.what, effect.maildrop, effect.deleted)));
      case 'message':
        return this.#sendMessage(effect);
      case 'wait':
        return this.#wait();
      case 'tls':
        return this.#secure();
    }
  }

  async #secure(): Promise<void> {
    await this.#link.secure(this.#around.handshake);
    this.#recording.secured(this.#link.tls);
  }

  async #sendMessage({ number, id, size, lines }: Extract<Effect, { do: 'message' }>): Promise<void> {
    const raw = await this.#raw(id);
    if (raw === 'failed') return this.#link.write(errLine('SYS/TEMP', `message ${number} could not be read`));
    if (raw === null) return this.#link.write(errLine(null, `message ${number} was deleted by somebody else`));
    // Before the last octet is sent, so that a client that has the mail finds it marked.
    if (lines === null)
      await this.#around.store.update([id], { read: true }).catch((error: unknown) => this.#failed('mark', error));
    this.#sending = lines === null ? 'RETR' : 'TOP';
    const reply =
      lines === null
        ? multiLine(`${size} octets`, stuffed(raw))
        : multiLine('top of message follows', stuffed(await this.#around.slices.run(top(raw, lines))));
    if (await this.#link.writeAll(reply)) this.#sending = null;
  }

  async #raw(id: string): Promise<Buffer | null | 'failed'> {
    try {
      return await this.#around.store.raw(id);
    } catch (error) {
      this.#failed('read', error);
      return 'failed';
    }
  }

  async #login(login: Login): Promise<Outcome> {
    const { accounts, mailboxes, log } = this.#around;
    const facts = { mailbox: login.mailbox, client: this.#link.client };
    this.#recording.username = login.user;
    try {
      if (!admits(accounts, login, this.#timestamp)) {
        log.warn('pop3 login refused', { ...facts, user: login.user });
        this.#recording.refused({ command: `login as ${login.user}`, reply: 'wrong name or password' });
        return { type: 'refused' };
      }
      const maildrop = await mailboxes.open(login.mailbox);
      log.info('pop3 login', { ...facts, messages: maildrop.ids.length });
      return { type: 'opened', maildrop };
    } catch (error) {
      this.#failed('open', error);
      return { type: 'failed' };
    }
  }

  async #remove(mailbox: string, ids: readonly string[]): Promise<Outcome> {
    const { store, slices, log } = this.#around;
    try {
      let messages = 0;
      for (let at = 0; at < ids.length; at += REMOVALS) {
        messages += (await store.removeDeliveries(mailbox, ids.slice(at, at + REMOVALS))).length;
        if (slices.over) await slices.turn();
      }
      log.info('pop3 deleted', { mailbox, client: this.#link.client, messages });
      return { type: 'removed', messages };
    } catch (error) {
      this.#failed('delete', error);
      return { type: 'failed' };
    }
  }

  /** Ends early if the client leaves or the server stops. */
  async #wait(): Promise<void> {
    await this.#link.flush();
    await sleep(this.#around.times.refusal, undefined, { signal: this.#link.over }).catch(() => {});
  }

  #failed(what: string, error: unknown): void {
    const facts = { client: this.#link.client, reason: reasonOf(error) };
    this.#around.failures.add('error', `pop3 could not ${what}`, kindOf(error), facts);
  }
}
