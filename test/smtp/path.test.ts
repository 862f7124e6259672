import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EsmtpParameters } from '../../server/message/message.ts';
import { readPathCommand } from '../../server/smtp/path.ts';

const read = (line: string) => readPathCommand(/^RCPT/i.test(line) ? 'RCPT' : 'MAIL', Buffer.from(line));

describe('accepted as is, without a warning', () => {
  const table: readonly [line: string, address: string, parameters?: EsmtpParameters][] = [
    ['MAIL FROM:<ada@x.test>', 'ada@x.test'],
    ['mail from:<Ada@X.Test>', 'Ada@X.Test'],
    ['MAIL FROM:<>', ''],
    ['RCPT TO:<Postmaster>', 'Postmaster'],
    ['RCPT TO:<bob+tag@mail.x.test>', 'bob+tag@mail.x.test'],
    ["RCPT TO:<o'brien!#$%&*/=?^_`{|}~-@x.test>", "o'brien!#$%&*/=?^_`{|}~-@x.test"],
    ['RCPT TO:<bob@[192.0.2.1]>', 'bob@[192.0.2.1]'],
    ['RCPT TO:<bob@[127.0.0.1]>', 'bob@[127.0.0.1]'],
    ['RCPT TO:<bob@[IPv6:::1]>', 'bob@[IPv6:::1]'],
    ['RCPT TO:<"q s"@d.test>', '"q s"@d.test'],
    ['RCPT TO:<"a@b"@x.test>', '"a@b"@x.test'],
    ['RCPT TO:<"a>b"@x.test>', '"a>b"@x.test'],
    ['RCPT TO:<"a\\"b\\\\c"@x.test>', '"a\\"b\\\\c"@x.test'],
    ['RCPT TO:<"a..b."@x.test>', '"a..b."@x.test'],
    ['RCPT TO:<""@x.test>', '""@x.test'],
    ['RCPT TO:<"用 户"@x.test>', '"用 户"@x.test'],
    ['MAIL FROM:<üser@x.test> SMTPUTF8', 'üser@x.test', { SMTPUTF8: true }],
    ['RCPT TO:<bob@[IPv6:2001:db8::1]>', 'bob@[IPv6:2001:db8::1]'],
    ['RCPT TO:<bob@xn--bcher-kva.test>', 'bob@xn--bcher-kva.test'],
    ['RCPT TO:<用户@例え.テスト>', '用户@例え.テスト'],
    ['RCPT TO:<bob@localhost>  ', 'bob@localhost'],
    ['MAIL FROM:<a@x.test> SIZE=100 BODY=8BITMIME', 'a@x.test', { SIZE: '100', BODY: '8BITMIME' }],
    ['MAIL FROM:<a@x.test> smtputf8 body=7bit', 'a@x.test', { SMTPUTF8: true, BODY: '7bit' }],
    ['MAIL FROM:<> RET=HDRS ENVID=QQ+3D1 AUTH=<>', '', { RET: 'HDRS', ENVID: 'QQ+3D1', AUTH: '<>' }],
    [
      'RCPT TO:<b@x.test> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;b+2Bc@x.test',
      'b@x.test',
      { NOTIFY: 'SUCCESS,DELAY', ORCPT: 'rfc822;b+2Bc@x.test' },
    ],
    ['RCPT TO:<b@x.test> NOTIFY=never', 'b@x.test', { NOTIFY: 'never' }],
  ];
  for (const [line, address, parameters = {}] of table)
    test(line, () => expect(read(line)).toEqual({ kind: 'path', path: { address, parameters }, warnings: [] }));
});

describe('accepted with a warning', () => {
  const table: readonly [line: string, address: string, warning: string | RegExp][] = [
    ['MAIL FROM:a@b.c', 'a@b.c', 'The address a@b.c came without angle brackets; write <a@b.c>.'],
    ['MAIL FROM: <a@x.test>', 'a@x.test', 'MAIL has white space around its colon; write MAIL FROM:<address>.'],
    ['RCPT TO : <a@x.test>', 'a@x.test', 'RCPT has white space around its colon; write RCPT TO:<address>.'],
    ['RCPT TO:< a@x.test >', 'a@x.test', 'The address < a@x.test > has white space inside its brackets.'],
    ['RCPT TO:<root>', 'root', 'The address <root> has no domain.'],
    ['MAIL FROM:<postmaster>', 'postmaster', /no domain/],
    ['RCPT TO:"john doe"@x.test', '"john doe"@x.test', /without angle brackets/],
    ['RCPT TO:<john doe@x.test>', 'john doe@x.test', /need quotes/],
    ['RCPT TO:<a@b@x.test>', 'a@b@x.test', /need quotes/],
    ['RCPT TO:<o"brien@x.test>', 'o"brien@x.test', /an unpaired quote or backslash/],
    ['RCPT TO:<user.@x.test>', 'user.@x.test', /misplaced dot/],
    ['RCPT TO:<a..b@x.test>', 'a..b@x.test', /misplaced dot/],
    ['RCPT TO:<a@x..test>', 'a@x..test', /not a host name/],
    ['RCPT TO:<a@-x.test>', 'a@-x.test', /not a host name/],
    ['RCPT TO:<a@[999.0.0.1]>', 'a@[999.0.0.1]', /not a host name/],
    ['RCPT TO:<a@[::1]>', 'a@[::1]', /not a host name/],
    ['RCPT TO:<a@[IPv6:1.2.3.4]>', 'a@[IPv6:1.2.3.4]', /not a host name/],
    ['RCPT TO:<a\\ b@x.test>', 'a\\ b@x.test', /need quotes/],
    ['RCPT TO:<a@my_host>', 'a@my_host', /not a host name/],
    [`RCPT TO:<${'a'.repeat(65)}@x.test>`, `${'a'.repeat(65)}@x.test`, /more than 64 octets/],
    [`RCPT TO:<a@${'x'.repeat(256)}>`, `a@${'x'.repeat(256)}`, /more than 255 octets/],
    ['RCPT TO:<@relay.test,@b.test:a@x.test>', 'a@x.test', /source route @relay\.test,@b\.test: was ignored/],
    ['MAIL FROM:<a@x.test> XFOO=1', 'a@x.test', /XFOO of MAIL belongs to an extension that was not offered/],
    ['RCPT TO:<a@x.test> SIZE=1', 'a@x.test', /SIZE of RCPT belongs to an extension that was not offered/],
  ];
  for (const [line, address, warning] of table)
    test(line.slice(0, 60), () => {
      const result = read(line);
      expect(result).toMatchObject({ kind: 'path', path: { address } });
      const warnings = result.kind === 'path' ? result.warnings.map(({ text }) => text) : [];
      expect(warnings).toContainEqual(typeof warning === 'string' ? warning : expect.stringMatching(warning));
    });

  test('an address in Latin-1', () => {
    expect(readPathCommand('RCPT', Buffer.from('RCPT TO:<é@x.test>', 'latin1'))).toMatchObject({
      path: { address: 'é@x.test' },
      warnings: [{ code: 'address-charset', text: expect.stringMatching(/neither ASCII nor UTF-8/) }],
    });
  });
});

describe('refused', () => {
  const table: readonly [line: string, status: string, text: RegExp][] = [
    ['MAIL', '5.5.4', /Expected MAIL FROM:<address>/],
    ['MAIL FROM <a@x.test>', '5.5.4', /Expected MAIL FROM:<address>/],
    ['MAIL TO:<a@x.test>', '5.5.4', /Expected MAIL FROM:<address>/],
    ['RCPT FROM:<a@x.test>', '5.5.4', /Expected RCPT TO:<address>/],
    ['MAIL FROM:', '5.1.7', /Expected MAIL FROM:<address>/],
    ['RCPT TO:<>', '5.1.3', /RCPT needs an address/],
    ['RCPT TO:<a@x.test', '5.1.3', /Expected RCPT TO:<address>/],
    ['RCPT TO:a@x.test>', '5.1.3', /Expected/],
    ['RCPT TO:<<a@x.test>>', '5.1.3', /Expected/],
    ['RCPT TO:<a@x.test>b', '5.1.3', /Expected/],
    ['RCPT TO:Bob <bob@x.test>', '5.1.3', /Expected/],
    ['RCPT TO:<Bob <bob@x.test>>', '5.1.3', /Expected/],
    ['RCPT TO:<@x.test>', '5.1.3', /nothing before its @/],
    ['RCPT TO:<a@>', '5.1.3', /nothing after its @/],
    ['MAIL FROM:<a\0b@x.test>', '5.1.7', /control characters/],
    ['MAIL FROM:<a\x1b[31m@x.test>', '5.1.7', /control characters/],
    ['RCPT TO:<a\rb@x.test>', '5.1.3', /control characters/],
    ['RCPT TO:<a\u0085b@x.test>', '5.1.3', /control characters/],
    ['RCPT TO:<"a\tb"@x.test>', '5.1.3', /Expected/],
    ['MAIL FROM:<a@x.test> SIZE', '5.5.4', /SIZE is "", expected a number of octets/],
    ['MAIL FROM:<a@x.test> SIZE=', '5.5.4', /SIZE/],
    ['MAIL FROM:<a@x.test> SIZE=1k', '5.5.4', /SIZE is "1k"/],
    ['MAIL FROM:<a@x.test> SIZE=-1', '5.5.4', /SIZE/],
    ['MAIL FROM:<a@x.test> SIZE=1 SIZE=2', '5.5.4', /SIZE was given twice/],
    ['MAIL FROM:<a@x.test> BODY=BINARYMIME', '5.5.4', /expected 7BIT or 8BITMIME/],
    ['MAIL FROM:<a@x.test> SMTPUTF8=yes', '5.5.4', /expected no value/],
    ['MAIL FROM:<a@x.test> RET=BODY', '5.5.4', /expected FULL or HDRS/],
    ['MAIL FROM:<a@x.test> =x', '5.5.4', /is not a parameter/],
    ['MAIL FROM:<a@x.test> (comment)', '5.5.4', /is not a parameter/],
    ['RCPT TO:<a@x.test> NOTIFY=NEVER,DELAY', '5.5.4', /NOTIFY/],
    ['RCPT TO:<a@x.test> NOTIFY=ALWAYS', '5.5.4', /NOTIFY/],
    ['RCPT TO:<a@x.test> ORCPT=b@x.test', '5.5.4', /ORCPT/],
  ];
  for (const [line, status, text] of table)
    test(JSON.stringify(line), () =>
      expect(read(line)).toEqual({ kind: 'refused', reply: { code: 501, status, text: expect.stringMatching(text) } }),
    );
});

test('never throws, and no control character gets through', () => {
  const piece = fc.oneof(
    fc.constantFrom('<', '>', '"', '\\', '@', ' ', '\t', ':', '=', ',', '[', ']', '.', 'a', 'é', '\0', '\r', 'SIZE'),
    fc.string({ unit: 'binary', maxLength: 3 }),
  );
  fc.assert(
    fc.property(fc.constantFrom('MAIL FROM:', 'RCPT TO:', ''), fc.array(piece, { maxLength: 20 }), (start, rest) => {
      const result = read(start + rest.join(''));
      if (result.kind === 'path') expect(result.path.address).not.toMatch(/[\x00-\x1f\x7f-\x9f]/);
    }),
    { numRuns: 5000 },
  );
});

test('invalid UTF-8 is read, too', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (octets) => {
      const line = Buffer.concat([Buffer.from('RCPT TO:<'), octets, Buffer.from('>')]);
      expect(['path', 'refused']).toContain(readPathCommand('RCPT', line).kind);
    }),
  );
});
