import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { admits } from '../../server/pop3/accounts.ts';
import { parsePlain } from '../../server/pop3/session/sasl.ts';
import { saslprep } from '../../server/pop3/session/saslprep.ts';
import type { Login } from '../../server/pop3/session/state.ts';

const timestamp = '<1896.697170952@dbc.mtview.ca.us>';

function password(user: string, secret: string, mailbox = user): Login {
  return { by: 'password', user, password: secret, mailbox };
}

function digest(user: string, secret: string): Login {
  const md5 = createHash('md5').update(`${timestamp}${secret}`).digest('hex');
  return { by: 'digest', user, digest: md5, mailbox: user };
}

describe('accounts', () => {
  const accounts = new Map([
    ['ada@example.test', 'pass phrase'],
    ['Grün', 'geheim\u00a0\u2168'],
    ['mrose', 'tanstaaf'],
  ]);

  test.each<[string, boolean, Login]>([
    ['the right password', true, password('ada@example.test', 'pass phrase')],
    ['a name in another case', true, password('Ada@Example.test', 'pass phrase')],
    ['a password that looks the same (RFC 4013)', true, password('Gru\u0308n', 'geheim IX')],
    ['a wrong password', false, password('ada@example.test', 'pass phras')],
    ['a password in another case', false, password('ada@example.test', 'Pass phrase')],
    ['no password', false, password('ada@example.test', '')],
    ['an unknown name', false, password('bob', 'pass phrase')],
    ['an unknown name without a password', false, password('bob', '')],
    ['the mailbox of its own name', true, password('mrose', 'tanstaaf', 'MRose')],
    ['the mailbox of somebody else', false, password('mrose', 'tanstaaf', 'ada@example.test')],
    ['the mailbox that has everything', false, password('mrose', 'tanstaaf', 'all')],
    ['the right digest', true, digest('mrose', 'tanstaaf')],
    ['a wrong digest', false, digest('mrose', 'tanstaa')],
    ['the digest of an empty password of nobody', false, digest('bob', '')],
  ])('%s: %s', (_, admitted, login) => {
    expect(admits(accounts, login, timestamp)).toBe(admitted);
  });

  test('the digest is that of the example in RFC 1939 §7', () => {
    expect(digest('mrose', 'tanstaaf')).toMatchObject({ digest: 'c4c9334bac560ecc979e58001b3e22fb' });
  });

  test('without accounts, everybody may open every mailbox', () => {
    expect(admits(null, password('bob', '', 'all'), timestamp)).toBe(true);
    expect(admits(null, digest('bob', 'x'), timestamp)).toBe(true);
  });
});

describe('SASL PLAIN', () => {
  const base64 = (text: string) => Buffer.from(text).toString('base64');

  test.each([
    ['\0ada\0secret', { authorization: '', user: 'ada', password: 'secret' }],
    ['all\0ada\0secret', { authorization: 'all', user: 'ada', password: 'secret' }],
    ['\0grün\0 Wörter mit Leerzeichen ', { authorization: '', user: 'grün', password: ' Wörter mit Leerzeichen ' }],
    ['\0ada\0', { authorization: '', user: 'ada', password: '' }],
  ])('%j', (response, plain) => {
    expect(parsePlain(base64(response))).toEqual(plain);
  });

  test.each([
    ['an empty response', ''],
    ['an empty initial response', '='],
    ['no base64', '!!!!'],
    ['base64 with padding inside', 'AGE=AGI='],
    ['base64 without its padding', 'AGFkYQBi'.slice(0, -1)],
    ['no NUL', base64('ada')],
    ['one NUL', base64('ada\0secret')],
    ['three NULs', base64('\0ada\0secret\0')],
    ['no user', base64('\0\0secret')],
    ['what is no UTF-8', Buffer.from('\0gr\xfcn\0x', 'latin1').toString('base64')],
  ])('refuses %s', (_, response) => {
    expect(parsePlain(response)).toBeNull();
  });
});

test.each([
  // The examples of RFC 4013 §3
  ['I\u00adX', 'IX'],
  ['user', 'user'],
  ['USER', 'USER'],
  ['\u00aa', 'a'],
  ['\u2168', 'IX'],
  ['\u0007', null],
  ['a\u00a0b', 'a b'],
  ['\u{e0041}', null],
  ['\ufffd', null],
])('SASLprep of %j is %j', (text, prepared) => {
  expect(saslprep(text)).toBe(prepared);
});
