import { describe, expect, test } from 'vitest';
import { settle, step } from '../../server/pop3/session/session.ts';
import { policy, Session, said } from './a-session.ts';

describe('after the login', () => {
  test.each([
    ['STAT', '+OK 3 330'],
    ['LIST', 'scan'],
    ['LIST 2', '+OK 2 20'],
    ['LIST 0', '-ERR no such message, there are 3'],
    ['LIST 4', '-ERR no such message, there are 3'],
    ['LIST 99999999999999999999', '-ERR no such message, there are 3'],
    ['UIDL', 'scan'],
    ['UIDL 3', '+OK 3 mail-three'],
    ['UIDL 4', '-ERR no such message, there are 3'],
    ['RETR 1', 'message'],
    ['RETR 4', '-ERR no such message, there are 3'],
    ['TOP 1 0', 'message'],
    ['TOP 4 0', '-ERR no such message, there are 3'],
    ['DELE 1', '+OK message 1 deleted'],
    ['DELE 4', '-ERR no such message, there are 3'],
    ['NOOP', '+OK nothing done'],
    ['RSET', '+OK 3 messages (330 octets)'],
    ['CAPA', '+OK capabilities'],
    ['LANG', '+OK languages'],
    ['LANG en', '+OK language is en'],
    ['LANG en-GB', '-ERR only en is available'],
    ['USER ada', '-ERR USER is only allowed before login'],
    ['PASS x', '-ERR PASS is only allowed before login'],
    ['APOP ada c4c9334bac560ecc979e58001b3e22fb', '-ERR APOP is only allowed before login'],
    ['AUTH PLAIN', '-ERR AUTH is only allowed before login'],
    ['UTF8', '-ERR UTF8 is only allowed before login'],
    ['QUIT', '+OK goodbye'],
    ['LAST', '-ERR LAST is no longer part of POP3, use UIDL'],
    ['XTND', '-ERR unknown command'],
  ])('%s -> %s', (line, reply) => {
    expect(new Session().loggedIn().line(line)).toEqual([reply]);
  });

  test('RETR and TOP ask for the message', () => {
    const { state } = new Session().loggedIn();
    const effects = (text: string) => step(state, { type: 'line', text }, policy).effects;
    expect(effects('RETR 2')).toEqual([{ do: 'message', number: 2, id: 'mail-two', size: 20, lines: null }]);
    expect(effects('TOP 2 5')).toEqual([{ do: 'message', number: 2, id: 'mail-two', size: 20, lines: 5 }]);
  });

  test('a deleted message is gone for every command, and RSET brings it back', () => {
    const session = new Session().loggedIn();
    session.line('DELE 2');
    for (const line of ['LIST 2', 'UIDL 2', 'RETR 2', 'TOP 2 0', 'DELE 2']) {
      expect(session.line(line), line).toEqual(['-ERR message 2 is deleted']);
    }
    expect(session.line('STAT')).toEqual(['+OK 2 310']);
    expect(session.line('LIST 3')).toEqual(['+OK 3 300']);
    expect(session.line('RSET')).toEqual(['+OK 3 messages (330 octets)']);
    expect(session.line('UIDL 2')).toEqual(['+OK 2 mail-two']);
  });

  test('QUIT is answered after the deletions (RFC 1939 §6)', () => {
    const session = new Session().loggedIn();
    session.line('DELE 3');
    session.line('DELE 1');
    const { state, effects } = step(session.state, { type: 'line', text: 'QUIT' }, policy);
    expect(effects).toEqual([{ do: 'remove', mailbox: 'bob', ids: ['mail-one', 'mail-three'] }]);
    expect(said(settle(state, { type: 'removed', messages: 2 }, policy).effects)).toEqual([
      '+OK goodbye, 2 messages deleted',
    ]);
    expect(said(settle(state, { type: 'failed' }, policy).effects)).toEqual([
      '-ERR [SYS/TEMP] some deleted messages were not removed',
    ]);
  });

  test('QUIT deletes nothing where mail is kept', () => {
    const session = new Session({ keep: true }).loggedIn();
    session.line('DELE 1');
    expect(session.line('QUIT')).toEqual(['+OK goodbye, 1 message kept for the next session']);
    expect(session.state.name).toBe('closed');
  });
});
