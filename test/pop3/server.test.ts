import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { play } from '../net/play.ts';
import { aPop3, failing } from './a-pop3.ts';

const login = `
  S: +OK Mailstop POP3 ready <*@localhost>
  C: USER ada@example.test
  S: +OK *
  C: PASS a pass phrase with blanks
  S: +OK *
`;

describe('a session', () => {
  test('from the greeting to QUIT', async () => {
    await using pop3 = await aPop3();
    await pop3.deliver('Subject: one\r\n\r\n.\r\n');
    await pop3.deliver('Subject: two\r\n\r\nfirst\r\n.second\r\nthird\r\n');
    await play(
      pop3.port,
      `${login}
      C: STAT
      S: +OK 2 58
      C: LIST
      S: +OK 2 messages (58 octets)
      S: 1 19
      S: 2 39
      S: .
      C: UIDL
      S: +OK 2 messages
      S: 1 mail-0001
      S: 2 mail-0002
      S: .
      C: RETR 1
      S: +OK 19 octets
      S: Subject: one
      S:
      S: ..
      S: .
      C: TOP 2 2
      S: +OK *
      S: Subject: two
      S:
      S: first
      S: ..second
      S: .
      C: TOP 2 0
      S: +OK *
      S: Subject: two
      S:
      S: .
      C: DELE 1
      S: +OK message 1 deleted
      C: LIST
      S: +OK 1 message (39 octets)
      S: 2 39
      S: .
      C: QUIT
      S: +OK goodbye, 1 message deleted
      S-eof:
    `,
    );
    expect((await pop3.left()).map(({ id }) => id)).toEqual(['mail-0002']);
  });

  test('with all commands in one packet (RFC 2449 §6.6)', async () => {
    await using pop3 = await aPop3();
    await pop3.deliver('a: b\r\n\r\nc\r\n');
    await play(
      pop3.port,
      `
      C: USER ada
      C: PASS x
      C: RETR 1
      C: BOGUS
      C: DELE 1
      C: QUIT
      C-eof:
      S: +OK *
      S: +OK *
      S: +OK 1 message (11 octets)
      S: +OK 11 octets
      S: a: b
      S:
      S: c
      S: .
      S: -ERR unknown command
      S: +OK message 1 deleted
      S: +OK goodbye, 1 message deleted
      S-eof:
    `,
    );
    expect(await pop3.left()).toEqual([]);
  });

  test('cut at every octet goes the same way', async () => {
    await using pop3 = await aPop3();
    await pop3.deliver('a: b\r\n\r\nc\r\n');
    const stream = 'USER ada\r\nPASS x y\r\nLIST\r\nTOP 1 9\r\nAUTH\r\nDELE 1\r\nRSET\nQUIT\r\n';
    const conversation = async (cut: number): Promise<string> => {
      const socket = connect({ port: pop3.port, host: '127.0.0.1', noDelay: true });
      let heard = '';
      socket.setEncoding('latin1').on('data', (text) => {
        heard += text;
      });
      await once(socket, 'data'); // the greeting: from now on the server waits for us
      socket.write(stream.slice(0, cut));
      // The cut only matters after the first part was processed.
      if (stream.slice(0, cut).includes('\n')) await once(socket, 'data');
      socket.write(stream.slice(cut));
      await once(socket, 'close');
      return heard.replace(/<.*>/, '<>');
    };
    const whole = await conversation(0);
    expect(whole).toContain('+OK goodbye');
    for (let cut = 1; cut < stream.length; cut++) expect(await conversation(cut), `cut at ${cut}`).toBe(whole);
  });

  test('lines that are not commands only get -ERR', async () => {
    await using pop3 = await aPop3();
    await play(
      pop3.port,
      `
      S: +OK *
      C-raw: "\\u0000\\u0001\\r\\n"
      S: -ERR *
      C-raw: "USER gr\\u00fcn\\r\\n"
      S: +OK *
      C: ${'x'.repeat(254)}
      S: -ERR the command is too long: at most 255 octets
      C: ${'x'.repeat(100_000)}
      S: -ERR the command is too long: at most 255 octets
      C:
      S: -ERR unknown command
      C: QUIT
      S: +OK *
      S-eof:
    `,
    );
  });

  test('whatever is sent, the server keeps working and releases the connection', async () => {
    await using pop3 = await aPop3();
    await pop3.deliver('a: b\r\n\r\nc\r\n');
    const words = fc.constantFrom(
      'USER ada',
      'PASS x',
      'AUTH PLAIN',
      'RETR 1',
      'TOP 1 0',
      'LIST',
      '\r\n',
      '\n',
      ' ',
      '\0',
    );
    const noise = fc.uint8Array({ maxLength: 300 }).map((octets) => Buffer.from(octets).toString('latin1'));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(words, noise), { maxLength: 12 }), async (pieces) => {
        const socket = connect(pop3.port, '127.0.0.1').resume();
        // The star cancels an open AUTH.
        socket.write(Buffer.from(`${pieces.join('')}\r\n*\r\nQUIT\r\n`, 'latin1'));
        await once(socket, 'end');
        socket.end();
      }),
      { numRuns: 200 },
    );
    // Random input may look like TLS, or leave without QUIT.
    const usual = ['pop3 login', 'pop3 connection lost'];
    expect(pop3.logged.filter(({ event }) => !usual.includes(event))).toEqual([]);
  });

  test('RETR marks a mail as read, TOP does not', async () => {
    await using pop3 = await aPop3();
    await pop3.deliver('a: 1\r\n');
    await pop3.deliver('a: 2\r\n');
    await play(pop3.port, `${login}\nC: RETR 1\nC: TOP 2 1\nC: QUIT\nS-until: +OK goodbye`);
    expect((await pop3.left()).map(({ read }) => read)).toEqual([true, false]);
  });
});

describe('deleting', () => {
  test('does not happen without QUIT', async () => {
    await using pop3 = await aPop3();
    await pop3.deliver('a: 1\r\n');
    await play(pop3.port, `${login}\nC: DELE 1\nS: +OK *\nC-reset:`);
    await play(pop3.port, `${login}\nC: DELE 1\nS: +OK *\nC-eof:\nS-eof:`);
    expect((await pop3.left()).length).toBe(1);
  });

  test('keeps the mail with `keep`, although the session no longer shows it', async () => {
    await using pop3 = await aPop3({ keep: true });
    await pop3.deliver('a: 1\r\n');
    const session = `${login}
      C: DELE 1
      S: +OK *
      C: STAT
      S: +OK 0 0
      C: QUIT
      S: +OK goodbye, 1 message kept for the next session
    `;
    await play(pop3.port, session);
    await play(pop3.port, session);
    expect((await pop3.left()).length).toBe(1);
  });
});

describe('deliveries are separate', () => {
  const as = (user: string, commands: string) => `S: +OK *
    C: USER ${user}
    S: +OK *
    C: PASS x
    S: +OK *
    ${commands}
    C: QUIT
    S: +OK goodbye*
    S-eof:`;
  const emptying = as('ada@x.test', 'C: DELE 1\n S: +OK *');

  test('what one recipient deletes, the others still have, with the same UIDL', async () => {
    await using pop3 = await aPop3();
    const id = await pop3.deliver('a: 1\r\n', ['ada@x.test', 'bob@x.test'], 'shop');
    await play(pop3.port, emptying);
    await play(pop3.port, as('ada@x.test', 'C: STAT\n S: +OK 0 0'));
    for (const user of ['bob@x.test', 'bob', 'shop', 'all'])
      await play(pop3.port, as(user, `C: UIDL 1\n S: +OK 1 ${id}\n C: RETR 1\n S: +OK *\n S: a: 1\n S: .`));
    await play(pop3.port, as('shop', 'C: DELE 1\n S: +OK *'));
    await play(pop3.port, as('shop', 'C: STAT\n S: +OK 0 0'));
    expect(await pop3.left()).toHaveLength(1);
    await play(pop3.port, as('bob@x.test', 'C: DELE 1\n S: +OK *'));
    expect(await pop3.left()).toEqual([]);
  });

  test('in the mailbox `all`, it is deleted for everybody', async () => {
    await using pop3 = await aPop3();
    await pop3.deliver('a: 1\r\n', ['ada@x.test', 'bob@x.test']);
    await play(pop3.port, as('ALL', 'C: DELE 1\n S: +OK *'));
    expect(await pop3.left()).toEqual([]);
  });

  test("another recipient's session is not affected", async () => {
    await using pop3 = await aPop3();
    await pop3.deliver('a: 1\r\n', ['ada@x.test', 'bob@x.test']);
    const socket = connect(pop3.port, '127.0.0.1');
    let heard = '';
    socket.setEncoding('latin1').on('data', (text) => {
      heard += text;
    });
    const hear = async (text: string) => {
      while (!heard.includes(text)) await once(socket, 'data');
      heard = '';
    };
    socket.write('USER bob\r\nPASS x\r\n');
    await hear('1 message');
    await play(pop3.port, emptying);
    socket.write('RETR 1\r\n');
    await hear('a: 1\r\n.\r\n');
    socket.write('DELE 1\r\nQUIT\r\n');
    await hear('goodbye');
    socket.destroy();
    expect(await pop3.left()).toEqual([]);
  });

  test('with keep, no mailbox changes', async () => {
    await using pop3 = await aPop3({ keep: true });
    await pop3.deliver('a: 1\r\n', ['ada@x.test', 'bob@x.test']);
    await play(pop3.port, emptying);
    await play(pop3.port, as('ada@x.test', 'C: STAT\n S: +OK 1 6'));
  });
});

describe('when the store fails', () => {
  const reason = (event: string) => ({ event, fields: { client: expect.any(String), reason: 'disk on fire' } });

  test('at the login, it may be tried again', async () => {
    await using pop3 = await aPop3({}, failing('ids'));
    await play(pop3.port, 'S: +OK *\nC: USER ada\nC: PASS x\nC: CAPA\nS: +OK *\nS: -ERR [SYS/TEMP] *\nS: +OK *');
    expect(pop3.logged).toContainEqual(reason('pop3 could not open'));
  });

  test('at RETR, the session goes on', async () => {
    let fails = false;
    await using pop3 = await aPop3(
      {},
      failing('raw', () => fails),
    );
    await pop3.deliver('a: 1\r\n');
    await play(pop3.port, `${login}\nC: NOOP\nS: +OK *`);
    fails = true;
    await play(pop3.port, `${login}\nC: RETR 1\nC: STAT\nS: -ERR [SYS/TEMP] *\nS: +OK 1 6`);
    expect(pop3.logged).toContainEqual(reason('pop3 could not read'));
  });

  test('when marking a mail as read, the mail is still sent', async () => {
    await using pop3 = await aPop3({}, failing('update'));
    await pop3.deliver('a: 1\r\n');
    await play(pop3.port, `${login}\nC: RETR 1\nS: +OK 6 octets\nS: a: 1\nS: .`);
    expect(pop3.logged).toContainEqual(reason('pop3 could not mark'));
  });

  test('at QUIT, it is -ERR (RFC 1939 §6)', async () => {
    await using pop3 = await aPop3({}, failing('removeDeliveries'));
    await pop3.deliver('a: 1\r\n');
    await play(pop3.port, `${login}\nC: DELE 1\nC: QUIT\nS: +OK *\nS: -ERR [SYS/TEMP] *\nS-eof:`);
    expect(pop3.logged).toContainEqual(reason('pop3 could not delete'));
  });
});

describe('a session is a snapshot', () => {
  test('later mail is not in it, deleted mail is -ERR, and no number changes', async () => {
    await using pop3 = await aPop3();
    const gone = await pop3.deliver('a: 1\r\n');
    await pop3.deliver('a: 2\r\n');
    const socket = connect(pop3.port, '127.0.0.1');
    let heard = '';
    socket.setEncoding('latin1').on('data', (text) => {
      heard += text;
    });
    const hear = async (text: string) => {
      while (!heard.includes(text)) await once(socket, 'data');
    };
    socket.write('USER ada\r\nPASS x\r\n');
    await hear('+OK 2 messages');
    await pop3.store.remove([gone]);
    await pop3.deliver('a: 3\r\n');
    heard = '';
    socket.write('STAT\r\nRETR 1\r\nRETR 2\r\nRETR 3\r\nDELE 1\r\nDELE 2\r\nQUIT\r\n');
    await hear('goodbye');
    expect(heard.trim().split('\r\n')).toEqual([
      '+OK 2 12',
      '-ERR message 1 was deleted by somebody else',
      '+OK 6 octets',
      'a: 2',
      '.',
      '-ERR no such message, there are 2',
      '+OK message 1 deleted',
      '+OK message 2 deleted',
      '+OK goodbye, 1 message deleted',
    ]);
    expect((await pop3.left()).length).toBe(1);
  });
});

describe('the login name chooses the mailbox', () => {
  test.each([
    ['ada@example.test', 'to ada, by app to both'],
    ['ADA@EXAMPLE.TEST', 'to ada, by app to both'],
    ['ada+news@example.test', 'to ada+news'],
    ['ada@other.test', 'to ada elsewhere'],
    ['ada', 'to ada, by app to both, to ada elsewhere'],
    ['app', 'by app to both'],
    ['bob', 'by app to both, by bob to bob'],
    ['all', 'to ada, by app to both, to ada+news, to ada elsewhere, by bob to bob'],
    ['*', 'to ada, by app to both, to ada+news, to ada elsewhere, by bob to bob'],
    ['nobody@example.test', ''],
    ['example.test', ''],
  ])('%s', async (name, mails) => {
    await using pop3 = await aPop3();
    await pop3.deliver('to ada\r\n');
    await pop3.deliver('by app to both\r\n', ['Ada@Example.test', 'bob@example.test'], 'app');
    await pop3.deliver('to ada+news\r\n', 'ada+news@example.test');
    await pop3.deliver('to ada elsewhere\r\n', 'ada@other.test');
    await pop3.deliver('by bob to bob\r\n', 'bob@example.test', 'bob');
    const retrieve =
      mails === ''
        ? ''
        : mails
            .split(', ')
            .map((_, index) => `C: RETR ${index + 1}`)
            .join('\n');
    const heard = await play(pop3.port, `C: USER ${name}\nC: PASS x\n${retrieve}\nC: QUIT\nS-until: +OK goodbye`);
    expect(heard.filter((line) => /^(to|by)/.test(line)).join(', ')).toBe(mails);
  });
});

describe('with accounts', () => {
  const accounts = new Map([['ada@example.test', 'secret']]);
  const wrong = `
    C: USER ada@example.test
    S: +OK *
    C: PASS wrong
    S: -ERR [AUTH] wrong name or password
  `;

  test('the right password is required', async () => {
    await using pop3 = await aPop3({ accounts });
    await pop3.deliver('a: 1\r\n');
    await play(pop3.port, `S: +OK *\n${wrong}\nC: USER ada@example.test\nS: +OK *\nC: PASS secret\nS: +OK 1 message *`);
    const initial = Buffer.from('\0ada@example.test\0secret').toString('base64');
    await play(pop3.port, `S: +OK *\nC: AUTH PLAIN ${initial}\nS: +OK 1 message *`);
    await play(pop3.port, `S: +OK *\nC: AUTH PLAIN\nS: +\u0020\nC: ${initial}\nS: +OK 1 message *`);
  });

  test('the third wrong one ends the connection', async () => {
    await using pop3 = await aPop3({ accounts });
    await play(pop3.port, `S: +OK *\n${wrong}\n${wrong}\n${wrong}\nS-eof:`);
    expect(pop3.logged.map(({ event }) => event)).toEqual(Array(3).fill('pop3 login refused'));
    expect(JSON.stringify(pop3.logged)).not.toContain('PASS');
  });

  test('APOP proves the password without sending it (RFC 1939 §7)', async () => {
    await using pop3 = await aPop3({ accounts });
    await pop3.deliver('a: 1\r\n');
    const answer = async (secret: string): Promise<string> => {
      const socket = connect(pop3.port, '127.0.0.1');
      const [greeting] = await once(socket.setEncoding('latin1'), 'data');
      const timestamp = /<.*>/.exec(String(greeting))?.[0] ?? '';
      socket.end(`APOP ada@example.test ${createHash('md5').update(`${timestamp}${secret}`).digest('hex')}\r\n`);
      const [reply] = await once(socket, 'data');
      return String(reply);
    };
    expect(await answer('secret')).toBe('+OK 1 message (6 octets)\r\n');
    expect(await answer('wrong')).toBe('-ERR [AUTH] wrong name or password\r\n');
  });

  test('the delay after a wrong one does not delay a stop', async () => {
    const pop3 = await aPop3({ accounts, times: { refusal: 3_600_000 } });
    const socket = connect(pop3.port, '127.0.0.1');
    socket.write('USER ada@example.test\r\nPASS wrong\r\n');
    for (let heard = ''; !heard.includes('send PASS'); ) heard += String((await once(socket, 'data'))[0]);
    const [[refusal]] = await Promise.all([once(socket, 'data'), pop3[Symbol.asyncDispose]()]);
    expect(String(refusal)).toBe('-ERR [AUTH] wrong name or password\r\n');
  });
});
