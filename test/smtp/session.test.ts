import { describe, expect, test } from 'vitest';
import { SmtpClient } from '../bench/smtp-client.ts';
import { play } from '../net/play.ts';
import { catchMail, HELLO, TO_DATA } from './sandbox.ts';

test('a mail comes in (RFC 5321 §D.1)', async () => {
  await using smtp = await catchMail();
  await play(
    smtp.port,
    `
    S: 220 mailstop ESMTP
    C: EHLO app.test
    S: 250-mailstop greets [127.0.0.1]
    S: 250-PIPELINING
    S: 250-8BITMIME
    S: 250-SMTPUTF8
    S: 250-ENHANCEDSTATUSCODES
    S: 250-DSN
    S: 250-AUTH PLAIN LOGIN CRAM-MD5 XOAUTH2
    S: 250 SIZE 52428800
    C: MAIL FROM:<ada@app.test>
    S: 250 2.1.0 Ok
    C: RCPT TO:<bob@x.test>
    S: 250 2.1.5 Ok
    C: DATA
    S: 354 *
    C: Subject: Hello
    C:
    C: ..
    C: Hi Bob
    C: .
    S: 250 2.0.0 Ok: queued as mail-0001
    C: QUIT
    S: 221 2.0.0 *
    S-eof:
  `,
  );
  expect(smtp.mail()).toEqual({
    raw: Buffer.from('Subject: Hello\r\n\r\n.\r\nHi Bob\r\n'),
    envelope: {
      from: { address: 'ada@app.test', parameters: {} },
      to: [{ address: 'bob@x.test', parameters: {} }],
    },
    peer: {
      address: '127.0.0.1',
      port: expect.any(Number),
      helo: 'app.test',
      protocol: 'ESMTP',
      tls: null,
      username: null,
    },
    receivedAt: new Date('2026-01-02T03:04:05Z'),
    warnings: [],
  });
});

describe('the envelope', () => {
  test('is kept as sent: order, repeats, punycode, parameters (RFC 3461 §4)', async () => {
    await using smtp = await catchMail();
    await play(
      smtp.port,
      `${HELLO}
      C: MAIL FROM:<Ada@App.Test> SIZE=10 BODY=8BITMIME RET=FULL ENVID=QQ+2B1 AUTH=<>
      S: 250 2.1.0 *
      C: RCPT TO:<bob@xn--bcher-kva.test> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;bob@x.test
      S: 250 2.1.5 *
      C: RCPT TO:<Zoe@x.test>
      S: 250 2.1.5 *
      C: RCPT TO:<bob@xn--bcher-kva.test>
      S: 250 2.1.5 *
      C: RCPT TO:<zoe@X.test>
      S: 250 2.1.5 *
      C: DATA
      S: 354 *
      C: .
      S: 250 *
    `,
    );
    expect(smtp.mail().envelope).toEqual({
      from: {
        address: 'Ada@App.Test',
        parameters: { SIZE: '10', BODY: '8BITMIME', RET: 'FULL', ENVID: 'QQ+2B1', AUTH: '<>' },
      },
      to: [
        {
          address: 'bob@xn--bcher-kva.test',
          parameters: { NOTIFY: 'SUCCESS,DELAY', ORCPT: 'rfc822;bob@x.test' },
        },
        { address: 'Zoe@x.test', parameters: {} },
        { address: 'bob@xn--bcher-kva.test', parameters: {} },
        { address: 'zoe@X.test', parameters: {} },
      ],
    });
    expect(smtp.mail().warnings).toEqual([]);
  });

  test('the null sender (RFC 5321 §4.5.5)', async () => {
    await using smtp = await catchMail();
    await play(smtp.port, TO_DATA.replace('<ada@app.test>', '<>').concat('C: .\n S: 250 *'));
    expect(smtp.mail().envelope.from).toEqual({ address: '', parameters: {} });
  });

  test('SMTPUTF8 (RFC 6531)', async () => {
    await using smtp = await catchMail();
    await play(
      smtp.port,
      `${HELLO}
      C: MAIL FROM:<ädä@bücher.test> SMTPUTF8
      S: 250 *
      C: RCPT TO:<用户@例え.テスト>
      S: 250 *
      C: DATA
      S: 354 *
      C: Subject: Grüße
      C: .
      S: 250 *
    `,
    );
    const { envelope, peer, raw, warnings } = smtp.mail();
    expect([envelope.from.address, envelope.to[0]?.address]).toEqual(['ädä@bücher.test', '用户@例え.テスト']);
    expect(peer.protocol).toBe('UTF8SMTP');
    expect(raw).toEqual(Buffer.from('Subject: Grüße\r\n'));
    expect(warnings).toEqual([]);
  });

  test('accepted despite faults: the warnings name them', async () => {
    await using smtp = await catchMail();
    await play(
      smtp.port,
      `
      S: 220 *
      C: EHLO my laptop
      S-until: 250 *
      C: MAIL FROM: <root>
      S: 250 *
      C: RCPT TO:bob@x.test
      S: 250 *
      C: RCPT TO:<"john doe"@x.test>
      S: 250 *
      C: RCPT TO:<zoë@x.test>
      S: 250 *
      C: RCPT TO:<zoë@x.test>
      S: 250 *
      C: DATA
      S: 354 *
      C: .oops
      C: .
      S: 250 *
    `,
    );
    const mail = smtp.mail();
    expect(mail.envelope.to.map(({ address }) => address)).toEqual([
      'bob@x.test',
      '"john doe"@x.test',
      'zoë@x.test',
      'zoë@x.test',
    ]);
    expect(mail.peer.helo).toBe('my laptop');
    expect(mail.warnings.map(({ code, text }) => [code, text])).toEqual([
      ['helo-name', 'EHLO has white space in its host name.'],
      ['address-syntax', 'MAIL has white space around its colon; write MAIL FROM:<address>.'],
      ['no-domain', 'The address <root> has no domain.'],
      ['address-syntax', 'The address bob@x.test came without angle brackets; write <bob@x.test>.'],
      ['smtputf8-not-declared', 'RCPT has a non-ASCII address, but MAIL did not say SMTPUTF8 (RFC 6531 §3.4).'],
      ['dot-not-doubled', 'A line begins with a dot that was not doubled; other servers remove it (RFC 5321 §4.5.2).'],
    ]);
  });

  test('a refused recipient, AUTH after MAIL and a wrong SIZE are warnings of the mail that follows, and of no other', async () => {
    await using smtp = await catchMail();
    await play(
      smtp.port,
      `${HELLO}
      C: MAIL FROM:<ada@app.test> SIZE=5
      S: 250 *
      C: RCPT TO:<@>
      S: 501 *
      C: RSET
      S: 250 *
      C: MAIL FROM:<ada@app.test> SIZE=5
      S: 250 *
      C: AUTH PLAIN AGEAYg==
      S: 235 *
      C: RCPT TO:<bob@x.test>
      S: 250 *
      C: DATA
      S: 354 *
      C: Subject: twenty octets
      C: .
      S: 250 *
      C: MAIL FROM:<ada@app.test> SIZE=22
      S: 250 *
      C: RCPT TO:<bob@x.test>
      S: 250 *
      C: DATA
      S: 354 *
      C: Subject: twenty octets
      C: .
      S: 250 *
    `,
    );
    const [warned, clean] = smtp.mails;
    expect(warned?.warnings.map(({ code, text }) => [code, text])).toEqual([
      ['auth-in-transaction', 'AUTH came after MAIL; other servers answer 503 (RFC 4954 §4).'],
      ['wrong-size', 'MAIL said SIZE=5, but the mail has 24 octets (RFC 1870 §6.3).'],
      ['recipient-refused', 'RCPT TO:<@> was refused in this session: 501 The address <@> has nothing before its @.'],
    ]);
    expect(clean?.warnings).toEqual([]);
  });

  test('a hundred odd recipients give fifty warnings; the last says that there are more', async () => {
    await using smtp = await catchMail();
    await using client = await SmtpClient.open(smtp.port);
    await client.hello();
    const odd = Array.from({ length: 100 }, (_, n) => `a..${n}@x.test`);
    await client.deliver(Buffer.from('Subject: many\r\n.\r\n'), odd);
    expect(smtp.mail().envelope.to).toHaveLength(100);
    const { warnings } = smtp.mail();
    expect(warnings).toHaveLength(50);
    expect(warnings.map(({ code }) => code).slice(-2)).toEqual(['address-syntax', 'too-many-warnings']);
    expect(warnings.at(-1)?.text).toBe('The session gave more than 50 warnings; the rest are not listed.');
    // Exactly fifty are all listed.
    await client.deliver(Buffer.from('Subject: fewer\r\n.\r\n'), odd.slice(0, 50));
    expect(new Set(smtp.mails[1]?.warnings.map(({ code }) => code))).toEqual(new Set(['address-syntax']));
    expect(smtp.mails[1]?.warnings).toHaveLength(50);
  });

  test('the first rejected recipients are named, and that there are more', async () => {
    await using smtp = await catchMail();
    const refused = Array.from({ length: 30 }, (_, n) => `C: RCPT TO:<@${n}.test>\nS: 501 *`).join('\n');
    await play(
      smtp.port,
      `${HELLO}
      C: MAIL FROM:<ada@app.test>
      S: 250 *
      ${refused}
      C: RCPT TO:<bob@x.test>
      S: 250 *
      C: DATA
      S: 354 *
      C: .
      S: 250 *
    `,
    );
    const { warnings } = smtp.mail();
    expect(warnings).toHaveLength(21);
    expect(warnings[19]?.text).toContain('<@19.test>');
    expect(warnings.at(-1)).toEqual({
      code: 'recipient-refused',
      text: 'More than 20 recipients were refused in this session; the rest are not listed.',
      where: 'session',
    });
  });
});

describe('the order of commands (RFC 5321 §4.1.4)', () => {
  test('MAIL needs EHLO, RCPT needs MAIL, DATA needs both', async () => {
    await using smtp = await catchMail();
    await play(
      smtp.port,
      `
      S: 220 *
      C: MAIL FROM:<a@x.test>
      S: 503 5.5.1 *
      C: HELO app.test
      S: 250 mailstop *
      C: RCPT TO:<b@x.test>
      S: 503 5.5.1 Send MAIL first
      C: DATA
      S: 503 5.5.1 Send MAIL first
      C: MAIL FROM:<a@x.test>
      S: 250 *
      C: MAIL FROM:<b@x.test>
      S: 503 5.5.1 *
      C: DATA
      S: 503 5.5.1 Send RCPT first
      C: RCPT TO:<b@x.test>
      S: 250 *
      C: DATA
      S: 354 *
      C: .
      S: 250 *
    `,
    );
    expect(smtp.mail()).toMatchObject({ peer: { helo: 'app.test', protocol: 'SMTP' } });
    expect(smtp.mail().envelope.from.address).toBe('a@x.test');
  });

  for (const reset of ['RSET', 'EHLO again.test'])
    test(`${reset} forgets the transaction, and nothing else`, async () => {
      await using smtp = await catchMail();
      await play(
        smtp.port,
        `${HELLO}
        C: MAIL FROM: <a@x.test>
        S: 250 *
        C: RCPT TO:<lost@x.test>
        S: 250 *
        C: ${reset}
        S-until: 250 *
        C: DATA
        S: 503 *
        C: MAIL FROM:<b@x.test>
        S: 250 *
        C: RCPT TO:<c@x.test>
        S: 250 *
        C: DATA
        S: 354 *
        C: .
        S: 250 *
      `,
      );
      expect(smtp.mail().envelope.to.map(({ address }) => address)).toEqual(['c@x.test']);
      expect(smtp.mail().warnings).toEqual([]);
    });

  test('several mails in one session', async () => {
    await using smtp = await catchMail();
    const again = TO_DATA.slice(HELLO.length);
    await play(
      smtp.port,
      `${TO_DATA} C: .\n S: 250 *0001\n ${again} C: two\n C: .\n S: 250 *0002\n C: QUIT\n S: 221 *`,
    );
    expect(smtp.mails.map(({ raw }) => raw.toString())).toEqual(['', 'two\r\n']);
  });
});

test('other commands', async () => {
  await using smtp = await catchMail();
  await play(
    smtp.port,
    `
    S: 220 *
    C: EHLO
    S-until: 250 *
    C: NOOP
    S: 250 2.0.0 *
    C: VRFY bob
    S: 252 2.1.5 *
    C: HELP
    S: 214 2.0.0 *
    C: STARTTLS
    S: 502 5.5.1 STARTTLS is off; start with --tls auto
    C: BDAT 10 LAST
    S: 500 5.5.2 *
    C: WIZ x
    S: 500 5.5.2 *
    C: XCLIENT ADDR=192.0.2.1
    S: 500 5.5.2 *
    C:
    S: 500 5.5.2 *
    C: quit
    S: 221 *
    S-eof:
  `,
  );
});

test('a web page that talks to the port is rejected', async () => {
  await using smtp = await catchMail();
  await play(smtp.port, 'S: 220 *\n C: POST / HTTP/1.1\n S: 421 *\n S-eof:');
});

test('a bad address is refused, and the session goes on', async () => {
  await using smtp = await catchMail();
  await play(
    smtp.port,
    `${HELLO}
    C-raw: "MAIL FROM:<a\\u001b[31m@x.test>\\r\\n"
    S: 501 5.1.7 The address or a parameter holds control characters
    C: MAIL FROM:<a@x.test> BODY=BINARYMIME
    S: 501 5.5.4 Parameter BODY is "BINARYMIME", expected 7BIT or 8BITMIME
    C: MAIL FROM:<a@x.test>
    S: 250 *
    C: RCPT TO:<Bob <bob@x.test>>
    S: 501 5.1.3 *
    C: RCPT TO:<bob@x.test>
    S: 250 *
    C: DATA
    S: 354 *
    C: .
    S: 250 *
  `,
  );
  expect(smtp.mail().envelope.to).toHaveLength(1);
});

test('100 recipients; one more than the limit gets 452 (RFC 5321 §4.5.3.1.10)', async () => {
  await using smtp = await catchMail({ maxRecipients: 100 });
  const all = Array.from({ length: 100 }, (_, n) => `C: RCPT TO:<user${n}@x.test>\nS: 250 2.1.5 *`).join('\n');
  await play(
    smtp.port,
    `${HELLO}
    C: MAIL FROM:<a@x.test>
    S: 250 *
    ${all}
    C: RCPT TO:<one@too.many.test>
    S: 452 4.5.3 Too many recipients: at most 100 in one mail are accepted
    C: DATA
    S: 354 *
    C: .
    S: 250 *
  `,
  );
  expect(smtp.mail().envelope.to.map(({ address }) => address)).toEqual(
    Array.from({ length: 100 }, (_, n) => `user${n}@x.test`),
  );
});
