import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from '../../server/pop3/session/command.ts';

const octets = (text: string) => Buffer.from(text).toString('latin1');

describe('a command is understood', () => {
  test.each([
    ['USER ada', { name: 'USER', user: 'ada' }],
    ['user ada', { name: 'USER', user: 'ada' }],
    ['USER ada lovelace', { name: 'USER', user: 'ada lovelace' }],
    ['USER grün@bücher.test', { name: 'USER', user: 'grün@bücher.test' }],
    ['PASS secret', { name: 'PASS', password: 'secret' }],
    ['PASS  a pass phrase ', { name: 'PASS', password: ' a pass phrase ' }],
    ['PASS ', { name: 'PASS', password: '' }],
    [
      'APOP ada C4C9334BAC560ECC979E58001B3E22FB',
      { name: 'APOP', user: 'ada', digest: 'c4c9334bac560ecc979e58001b3e22fb' },
    ],
    ['AUTH', { name: 'AUTH', mechanism: null, initial: null }],
    ['AUTH plain', { name: 'AUTH', mechanism: 'PLAIN', initial: null }],
    ['AUTH PLAIN AGEAYg==', { name: 'AUTH', mechanism: 'PLAIN', initial: 'AGEAYg==' }],
    ['CAPA', { name: 'CAPA' }],
    ['STLS', { name: 'STLS' }],
    ['UTF8', { name: 'UTF8' }],
    ['LANG', { name: 'LANG', range: null }],
    ['LANG en', { name: 'LANG', range: 'en' }],
    ['STAT', { name: 'STAT' }],
    ['LIST', { name: 'LIST', number: null }],
    ['LIST ', { name: 'LIST', number: null }],
    ['LIST 7', { name: 'LIST', number: 7 }],
    ['UIDL', { name: 'UIDL', number: null }],
    ['uidl 007', { name: 'UIDL', number: 7 }],
    ['RETR 1', { name: 'RETR', number: 1 }],
    ['TOP 1 0', { name: 'TOP', number: 1, lines: 0 }],
    ['TOP 1 99999999', { name: 'TOP', number: 1, lines: 99_999_999 }],
    ['DELE 2', { name: 'DELE', number: 2 }],
    ['NOOP', { name: 'NOOP' }],
    ['NOOP ', { name: 'NOOP' }],
    ['RSET', { name: 'RSET' }],
    ['QUIT', { name: 'QUIT' }],
  ])('%s', (line, command) => {
    expect(parse(octets(line))).toEqual(command);
  });
});

describe('anything else is not', () => {
  test.each([
    ['', 'unknown command'],
    [' ', 'unknown command'],
    [' QUIT', 'unknown command'],
    ['QUITS', 'unknown command'],
    ['constructor', 'unknown command'],
    ['LAST', 'LAST is no longer part of POP3, use UIDL'],
    ['USER', 'USER needs a name'],
    ['USER ', 'USER needs a name'],
    ['PASS', 'PASS needs a password'],
    ['APOP ada', 'APOP needs a name and an MD5 digest in hex'],
    ['APOP c4c9334bac560ecc979e58001b3e22fb', 'APOP needs a name and an MD5 digest in hex'],
    ['AUTH PLAIN a b', 'AUTH takes a mechanism and an initial response'],
    ['LANG en de', 'LANG takes one language'],
    ['CAPA x', 'CAPA takes no argument'],
    ['STAT 1', 'STAT takes no argument'],
    ['QUIT now', 'QUIT takes no argument'],
    ['LIST one', 'LIST takes a message number'],
    ['LIST 1 2', 'LIST takes a message number'],
    ['UIDL -1', 'UIDL takes a message number'],
    ['RETR', 'RETR needs a message number'],
    ['RETR 1.5', 'RETR needs a message number'],
    ['RETR 0x1', 'RETR needs a message number'],
    ['TOP 1', 'TOP needs a message number and a count'],
    ['TOP 1 -1', 'TOP needs a message number and a count'],
    ['TOP 1 2 3', 'TOP needs a message number and a count'],
    ['DELE', 'DELE needs a message number'],
    ['NOOP\0', 'control characters are not allowed'],
    ['PASS a\tb', 'control characters are not allowed'],
    ['NOOP\rQUIT', 'control characters are not allowed'],
  ])('%j', (line, reason) => {
    expect(parse(line)).toEqual({ name: 'misunderstood', reason });
  });

  test('invalid UTF-8 is rejected (RFC 6856 §2.2)', () => {
    expect(parse('USER gr\xfcn')).toEqual({ name: 'misunderstood', reason: 'the command is not UTF-8' });
  });
});

test('no line makes it throw', () => {
  const keyword = fc.constantFrom(
    'USER',
    'PASS',
    'APOP',
    'AUTH',
    'LANG',
    'LIST',
    'UIDL',
    'RETR',
    'TOP',
    'DELE',
    'QUIT',
  );
  const noise = fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes).toString('latin1'));
  const line = fc.oneof(
    noise,
    fc.tuple(keyword, noise).map(([word, rest]) => `${word} ${rest}`),
  );
  fc.assert(
    fc.property(line, (text) => typeof parse(text).name === 'string'),
    { numRuns: 2000 },
  );
});
