import fc from 'fast-check';
import { expect, test } from 'vitest';
import { scanLines } from '../../server/pop3/reply.ts';
import { maildrop } from '../../server/pop3/session/maildrop.ts';
import { begin, settle, step } from '../../server/pop3/session/session.ts';
import type { Effect, Policy, State } from '../../server/pop3/session/state.ts';

const policy: Policy = { stls: true, keep: false, days: null, maxRefused: 3, implementation: 'Mailstop' };
const sizes = [5, 10, 0, 7, 1_000_000, 3];
const drop = maildrop(
  'bob',
  sizes.map((_, index) => `mail-${index + 1}`),
  Uint32Array.from(sizes),
);

/** The simplest model of a mailbox: a list without deleted messages. */
class Model {
  present = new Map(sizes.map((size, index) => [index + 1, size]));

  /** The reply, as far as the protocol defines it; null for -ERR. */
  answer(command: string): string | null {
    const [keyword = '', number = ''] = command.split(' ');
    const size = this.present.get(Number(number));
    const rows = (row: (entry: [number, number]) => string) => [...this.present].map(row).join('\n');
    if (keyword === 'NOOP') return '';
    if (keyword === 'STAT') return `${this.present.size} ${[...this.present.values()].reduce((sum, n) => sum + n, 0)}`;
    if (keyword === 'LIST' && !number) return rows(([n, octets]) => `${n} ${octets}`);
    if (keyword === 'UIDL' && !number) return rows(([n]) => `${n} mail-${n}`);
    if (keyword === 'RSET') {
      this.present = new Model().present;
      return '';
    }
    if (size === undefined) return null;
    if (keyword === 'LIST') return `${number} ${size}`;
    if (keyword === 'UIDL') return `${number} mail-${number}`;
    if (keyword === 'DELE') {
      this.present.delete(Number(number));
      return '';
    }
    return `message mail-${number}`;
  }
}

function answerOf(keyword: string, effect: Effect | undefined): string | null {
  if (effect === undefined || effect.do === 'err') return null;
  if (effect.do === 'scan') {
    const lines = [...scanLines(effect.what, effect.maildrop, effect.deleted)].join('');
    return lines.trimEnd().replaceAll('\r\n', '\n');
  }
  if (effect.do === 'message') return `message ${effect.id}`;
  return effect.do === 'ok' && ['STAT', 'LIST', 'UIDL'].includes(keyword) ? effect.text : '';
}

function loggedIn(): State {
  const opening = step(begin(false, '').state, { type: 'line', text: 'AUTH PLAIN AGEAYg==' }, policy).state;
  return settle(opening, { type: 'opened', maildrop: drop }, policy).state;
}

const number = fc.integer({ min: 0, max: sizes.length + 1 });
const command = fc.oneof(
  fc.constantFrom('STAT', 'LIST', 'UIDL', 'NOOP', 'RSET'),
  fc.tuple(fc.constantFrom('LIST', 'UIDL', 'RETR', 'DELE', 'DELE'), number).map(([word, n]) => `${word} ${n}`),
  fc.tuple(number, fc.nat(9)).map(([n, lines]) => `TOP ${n} ${lines}`),
);

test('any commands have the same effect as on a list', () => {
  fc.assert(
    fc.property(fc.array(command, { maxLength: 40 }), (commands) => {
      const model = new Model();
      let state = loggedIn();
      for (const text of commands) {
        const next = step(state, { type: 'line', text }, policy);
        expect(next.effects.length).toBe(1);
        expect(answerOf(text.split(' ')[0] ?? '', next.effects[0]), text).toBe(model.answer(text));
        state = next.state;
      }
      const gone = drop.ids.filter((_, index) => !model.present.has(index + 1));
      const [last] = step(state, { type: 'line', text: 'QUIT' }, policy).effects;
      expect(last).toEqual(
        gone.length === 0 ? { do: 'ok', text: 'goodbye' } : { do: 'remove', mailbox: 'bob', ids: gone },
      );
    }),
    { numRuns: 500 },
  );
});

test('every line gets a reply, in any state', () => {
  const noise = fc.uint8Array({ maxLength: 40 }).map((octets) => Buffer.from(octets).toString('latin1'));
  const word = fc.constantFrom(
    'USER',
    'PASS',
    'APOP',
    'AUTH',
    'AUTH PLAIN',
    'STLS',
    'UTF8',
    'LANG',
    'CAPA',
    'DELE',
    'TOP',
  );
  const line = fc.oneof(
    fc
      .oneof(
        noise,
        word,
        fc.tuple(word, noise).map((words) => words.join(' ')),
        command,
      )
      .map((text) => ({ type: 'line', text }) as const),
    fc.constant({ type: 'too-long', begin: '' } as const),
  );
  const outcome = fc.constantFrom('opened', 'refused', 'failed');
  fc.assert(
    fc.property(fc.array(fc.tuple(line, outcome), { maxLength: 60 }), (moves) => {
      let { state } = begin(false, '<1@localhost>');
      for (const [input, result] of moves) {
        if (state.name === 'closed') break;
        let next = step(state, input, policy);
        expect(next.effects.length, JSON.stringify(input)).toBeGreaterThan(0);
        if (next.effects.some((effect) => effect.do === 'login')) {
          next = settle(next.state, result === 'opened' ? { type: result, maildrop: drop } : { type: result }, policy);
          expect(next.effects.length).toBeGreaterThan(0);
        }
        if (next.effects.some((effect) => effect.do === 'remove')) {
          next = settle(next.state, { type: 'removed', messages: 1 }, policy);
        }
        state = next.state;
        expect(['authorization', 'challenged', 'transaction', 'closed']).toContain(state.name);
      }
    }),
    { numRuns: 1000 },
  );
});
