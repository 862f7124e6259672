import { maildrop } from '../../server/pop3/session/maildrop.ts';
import { begin, settle, step } from '../../server/pop3/session/session.ts';
import type { Effect, Outcome, Policy, State } from '../../server/pop3/session/state.ts';

export const policy: Policy = { stls: true, keep: false, days: null, maxRefused: 3, implementation: 'Mailstop 1.2.3' };
export const mails = maildrop('bob', ['mail-one', 'mail-two', 'mail-three'], Uint32Array.of(10, 20, 300));

/** The effects of one step, in short: the beginning of replies, the names of other effects. */
export const said = (effects: readonly Effect[]) =>
  effects.map((effect) => {
    if (effect.do === 'ok' || effect.do === 'lines') return `+OK ${effect.text}`;
    if (effect.do === 'err') return `-ERR ${effect.code ? `[${effect.code}] ` : ''}${effect.text}`;
    return effect.do;
  });

/** A session that gets lines and outcomes from the test. */
export class Session {
  state: State;
  readonly #policy: Policy;

  constructor(changes: Partial<Policy> & { tls?: boolean } = {}) {
    this.#policy = { ...policy, ...changes };
    this.state = begin(changes.tls ?? false, '<1@localhost>').state;
  }

  line(text: string): string[] {
    return this.#take(step(this.state, { type: 'line', text }, this.#policy));
  }

  tooLong(): string[] {
    return this.#take(step(this.state, { type: 'too-long', begin: '' }, this.#policy));
  }

  outcome(outcome: Outcome): string[] {
    return this.#take(settle(this.state, outcome, this.#policy));
  }

  loggedIn(): this {
    this.line('USER ada');
    this.line('PASS x');
    this.outcome({ type: 'opened', maildrop: mails });
    return this;
  }

  #take({ state, effects }: { state: State; effects: readonly Effect[] }): string[] {
    this.state = state;
    return said(effects);
  }
}
