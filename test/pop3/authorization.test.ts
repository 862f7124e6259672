import { describe, expect, test } from 'vitest';
import { maildrop } from '../../server/pop3/session/maildrop.ts';
import { begin, lineLimit, step } from '../../server/pop3/session/session.ts';
import type { Policy } from '../../server/pop3/session/state.ts';
import { play } from '../net/play.ts';
import { aPop3 } from './a-pop3.ts';
import { mails, policy, Session, said } from './a-session.ts';

test('the greeting has the timestamp of APOP', () => {
  expect(said(begin(false, '<1@localhost>').effects)).toEqual(['+OK Mailstop POP3 ready <1@localhost>']);
});

describe('before the login', () => {
  test.each([
    ['USER ada', '+OK send PASS'],
    ['PASS x', '-ERR USER comes first'],
    ['APOP ada c4c9334bac560ecc979e58001b3e22fb', 'login'],
    ['APOP ada', '-ERR APOP needs a name and an MD5 digest in hex'],
    ['AUTH', '+OK mechanisms'],
    ['AUTH PLAIN', 'challenge'],
    ['AUTH PLAIN AGEAYg==', 'login'],
    ['AUTH PLAIN =', '-ERR expected a PLAIN response in base64'],
    ['AUTH CRAM-MD5', '-ERR only PLAIN is supported'],
    ['CAPA', '+OK capabilities'],
    ['LANG', '+OK languages'],
    ['LANG en', '+OK language is en'],
    ['LANG EN', '+OK language is en'],
    ['LANG *', '+OK language is en'],
    ['LANG de', '-ERR only en is available'],
    ['UTF8', '+OK UTF-8 enabled'],
    ['STAT', '-ERR STAT needs a login'],
    ['LIST', '-ERR LIST needs a login'],
    ['UIDL', '-ERR UIDL needs a login'],
    ['RETR 1', '-ERR RETR needs a login'],
    ['TOP 1 0', '-ERR TOP needs a login'],
    ['DELE 1', '-ERR DELE needs a login'],
    ['NOOP', '-ERR NOOP needs a login'],
    ['RSET', '-ERR RSET needs a login'],
    ['QUIT', '+OK goodbye'],
    ['HELO', '-ERR unknown command'],
    ['', '-ERR unknown command'],
  ])('%s -> %s', (line, reply) => {
    expect(new Session().line(line)).toEqual([reply]);
  });

  test('USER stays valid until PASS, whatever comes between', () => {
    const session = new Session();
    session.line('USER ada');
    session.line('CAPA');
    expect(session.line('PASS a pass phrase ')).toEqual(['login']);
  });

  test('a second USER replaces the first', () => {
    let state = begin(false, '').state;
    for (const text of ['USER ada', 'USER bob']) state = step(state, { type: 'line', text }, policy).state;
    expect(step(state, { type: 'line', text: 'PASS x' }, policy).effects).toEqual([
      { do: 'login', login: { by: 'password', user: 'bob', password: 'x', mailbox: 'bob' } },
    ]);
  });

  test('the authorization identity is the mailbox (RFC 4616 §2)', () => {
    const response = Buffer.from('all\0ada\0secret').toString('base64');
    expect(step(begin(false, '').state, { type: 'line', text: `AUTH PLAIN ${response}` }, policy).effects).toEqual([
      { do: 'login', login: { by: 'password', user: 'ada', password: 'secret', mailbox: 'all' } },
    ]);
  });

  test('a name with prohibited characters is rejected (RFC 4013 §2.3)', () => {
    const session = new Session();
    session.line(Buffer.from('USER a\ufffd').toString('latin1'));
    expect(session.line('PASS x')).toEqual([
      '-ERR the name or password has a character that is not allowed (RFC 4013)',
    ]);
    expect(session.line('PASS x')).toEqual(['-ERR USER comes first']);
  });

  test('an overlong line is rejected, without further effect', () => {
    const session = new Session();
    session.line('USER ada');
    expect(session.tooLong()).toEqual(['-ERR the command is too long: at most 255 octets']);
    expect(session.line('PASS x')).toEqual(['login']);
  });
});

describe('the answer to AUTH PLAIN', () => {
  const challenged = () => {
    const session = new Session();
    session.line('AUTH PLAIN');
    return session;
  };

  test.each([
    ['AGEAYg==', 'login'],
    ['*', '-ERR AUTH cancelled'],
    ['', '-ERR expected a PLAIN response in base64'],
    ['QUIT', '-ERR expected a PLAIN response in base64'],
    ['not base64', '-ERR expected a PLAIN response in base64'],
  ])('%j -> %s', (line, reply) => {
    const session = challenged();
    expect(session.line(line)).toEqual([reply]);
    expect(session.state.name).toBe(reply === 'login' ? 'opening' : 'authorization');
  });

  test('may be longer than a command (RFC 5034 §4)', () => {
    const session = challenged();
    expect(lineLimit(session.state)).toBe(12_288);
    expect(session.tooLong()).toEqual(['-ERR the response is too long: at most 12288 octets']);
    expect(lineLimit(session.state)).toBe(255);
  });
});

describe('STLS (RFC 2595 §4)', () => {
  test('starts over', () => {
    const session = new Session();
    session.line('USER ada');
    expect(session.line('STLS')).toEqual(['+OK begin the TLS handshake', 'tls']);
    expect(session.line('PASS x')).toEqual(['-ERR USER comes first']);
    expect(session.line('STLS')).toEqual(['-ERR TLS is already active']);
  });

  test.each([
    ['without a certificate', new Session({ stls: false }), '-ERR STLS is off; start with --tls auto'],
    ['on a link with TLS from the start', new Session({ tls: true }), '-ERR TLS is already active'],
    ['after the login', new Session().loggedIn(), '-ERR STLS is only allowed before login'],
  ])('is refused %s', (_, session, reply) => {
    expect(session.line('STLS')).toEqual([reply]);
  });

  test('is refused after UTF8 (RFC 6856 §2.1)', () => {
    const session = new Session();
    session.line('UTF8');
    expect(session.line('STLS')).toEqual(['-ERR STLS must come before UTF8']);
  });
});

describe('CAPA (RFC 2449 §5)', () => {
  const always = [
    'TOP',
    'USER',
    'SASL PLAIN',
    'RESP-CODES',
    'AUTH-RESP-CODE',
    'PIPELINING',
    'UIDL',
    'UTF8 USER',
    'LANG',
  ];
  const capabilities = (session: Session, changes: Partial<Policy> = {}) => {
    const [effect] = step(session.state, { type: 'line', text: 'CAPA' }, { ...policy, ...changes }).effects;
    return effect?.do === 'lines' ? effect.lines : [];
  };

  test('names STLS only where it works', () => {
    const implementation = 'IMPLEMENTATION Mailstop 1.2.3';
    expect(capabilities(new Session())).toEqual([...always, 'STLS', implementation]);
    expect(capabilities(new Session(), { stls: false })).toEqual([...always, implementation]);
    expect(capabilities(new Session({ tls: true }))).toEqual([...always, implementation]);
    expect(capabilities(new Session().loggedIn())).toEqual([...always, implementation]);
  });
});

test.each([
  ['without a limit of age the other limits may delete any mail', null, []],
  ['an age of less than a day is no number of days, and 0 means something else', 86_399_999, []],
  ['whole days', 7.9 * 86_400_000, ['EXPIRE 7']],
])('EXPIRE tells the truth (RFC 2449 §6.7): %s', async (_, maxAge, expected) => {
  await using pop3 = await aPop3({ maxAge });
  const heard = await play(pop3.port, 'S: +OK *\nC: CAPA\nS-until: .\nC: QUIT\nS: +OK *');
  expect(heard.filter((line) => line.startsWith('EXPIRE'))).toEqual(expected);
});

describe('a login', () => {
  const loggingIn = (session: Session) => {
    session.line('USER ada');
    session.line('PASS x');
    return session;
  };

  test('with the right password opens the mailbox', () => {
    const session = loggingIn(new Session());
    expect(session.outcome({ type: 'opened', maildrop: mails })).toEqual(['+OK 3 messages (330 octets)']);
    expect(session.state.name).toBe('transaction');
  });

  test('into an empty mailbox is not an error', () => {
    const session = loggingIn(new Session());
    expect(session.outcome({ type: 'opened', maildrop: maildrop('bob', [], new Uint32Array()) })).toEqual([
      '+OK 0 messages (0 octets)',
    ]);
    expect(session.line('STAT')).toEqual(['+OK 0 0']);
    expect(session.line('RETR 1')).toEqual(['-ERR no such message, there are 0']);
  });

  test('with a wrong password gets a delayed reply, and the third ends the session (RFC 3206 §6)', () => {
    const session = new Session();
    const no = ['wait', '-ERR [AUTH] wrong name or password'];
    expect(loggingIn(session).outcome({ type: 'refused' })).toEqual(no);
    expect(session.line('PASS x')).toEqual(['-ERR USER comes first']);
    session.line('STLS');
    expect(loggingIn(session).outcome({ type: 'refused' })).toEqual(no);
    expect(session.state.name).toBe('authorization');
    expect(loggingIn(session).outcome({ type: 'refused' })).toEqual(no);
    expect(session.state.name).toBe('closed');
  });

  test('that fails in the store can be retried', () => {
    const session = loggingIn(new Session());
    expect(session.outcome({ type: 'failed' })).toEqual(['-ERR [SYS/TEMP] the mailbox could not be opened']);
    expect(session.state.name).toBe('authorization');
  });
});
