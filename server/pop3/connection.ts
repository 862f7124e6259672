import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { reasonOf } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Store } from '../store/store.ts';
import { type Accounts, admits } from './accounts.ts';
import { type Handshake, Link } from './link.ts';
import type { Mailboxes } from './mailbox.ts';
import { stuffed, top } from './octets.ts';
import { emptyChallenge, errLine, multiLine, okLine, plainLines, scanLines } from './reply.ts';
import { begin, lineLimit, settle, step } from './session.ts';
import type { Effect, Login, Outcome, Policy, State, Step } from './state.ts';

/** How long things may take, in milliseconds. */
export interface Pop3Times {
  /** Without a command, or progress in a reply; in the wild it is at least ten minutes (RFC 1939 §3). */
  readonly autologout: number;
  /** Until a refused login is answered. */
  readonly refusal: number;
  /** Until a TLS handshake is done. */
  readonly handshake: number;
  /** Until a client that was told goodbye has closed its side, and until replies are out when the server stops. */
  readonly grace: number;
}

/** What all connections share. */
export interface Surroundings {
  readonly store: Store;
  readonly mailboxes: Mailboxes;
  readonly accounts: Accounts;
  readonly policy: Policy;
  readonly times: Pop3Times;
  readonly log: Log;
  /** TLS from the first octet. */
  readonly implicitTls: boolean;
  /** @returns a message id that no other connection gets, for APOP */
  readonly timestamp: () => string;
  readonly handshake: Handshake;
}

/** One client's session: asks the state machine what each line means, and does what it says. */
export class Connection {
  readonly #link: Link;
  readonly #around: Surroundings;
  readonly #timestamp: string;

  constructor(socket: Socket, around: Surroundings) {
    this.#around = around;
    this.#timestamp = around.timestamp();
    this.#link = new Link(socket, lineLimit(begin(false, this.#timestamp).state), around.times.autologout);
  }

  /** Resolves when the connection is closed. Never rejects. */
  async run(): Promise<void> {
    const { implicitTls, policy, times, log, handshake } = this.#around;
    try {
      if (implicitTls) await this.#link.secure(handshake);
      let state = await this.#take(begin(implicitTls, this.#timestamp));
      while (state.name !== 'closed') {
        this.#link.limit = lineLimit(state);
        const line = await this.#link.line();
        if (line === null) break; // without QUIT nothing is deleted (RFC 1939 §6)
        state = await this.#take(step(state, line, policy));
      }
      await this.#link.close(times.grace);
    } catch (error) {
      log.error('pop3 session failed', { client: this.#link.client, reason: reasonOf(error) });
      this.#link.cut();
    }
  }

  stop(): void {
    this.#link.stop();
  }

  cut(): void {
    this.#link.cut();
  }

  /** Does what a step asks for, and what its outcomes ask for. */
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
        return this.#remove(effect.ids);
      default:
        await this.#act(effect);
        return null;
    }
  }

  #act(effect: Exclude<Effect, { do: 'login' | 'remove' }>): Promise<void> {
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
        return this.#link.secure(this.#around.handshake);
    }
  }

  async #sendMessage({ number, id, size, lines }: Extract<Effect, { do: 'message' }>): Promise<void> {
    const raw = await this.#raw(id);
    if (raw === 'failed') return this.#link.write(errLine('SYS/TEMP', `message ${number} could not be read`));
    if (raw === null) return this.#link.write(errLine(null, `message ${number} was deleted by somebody else`));
    if (lines !== null) return this.#link.writeAll(multiLine('top of message follows', stuffed(top(raw, lines))));
    // Before the last octet is out, so that a client that has the mail finds it marked.
    await this.#around.store.update([id], { read: true }).catch((error: unknown) => this.#failed('mark', error));
    await this.#link.writeAll(multiLine(`${size} octets`, stuffed(raw)));
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
    try {
      if (!admits(accounts, login, this.#timestamp)) {
        log.warn('pop3 login refused', { ...facts, user: login.user });
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

  async #remove(ids: readonly string[]): Promise<Outcome> {
    try {
      const removed = await this.#around.store.remove(ids);
      this.#around.log.info('pop3 deleted', { client: this.#link.client, messages: removed.length });
      return { type: 'removed', messages: removed.length };
    } catch (error) {
      this.#failed('delete', error);
      return { type: 'failed' };
    }
  }

  /** Cut short when the client leaves or the server stops. */
  async #wait(): Promise<void> {
    await this.#link.flush();
    await sleep(this.#around.times.refusal, undefined, { signal: this.#link.over }).catch(() => {});
  }

  #failed(what: string, error: unknown): void {
    this.#around.log.error(`pop3 could not ${what}`, { client: this.#link.client, reason: reasonOf(error) });
  }
}
