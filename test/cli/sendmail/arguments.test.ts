import { describe, expect, test } from 'vitest';
import { readSendmailArguments } from '../../../server/cli/sendmail/arguments.ts';
import { toSubmission } from '../../../server/cli/sendmail/mail.ts';

const plain = {
  do: 'send',
  from: null,
  fullName: null,
  fromHeaders: false,
  endsAtDot: true,
  recipients: [],
  where: {},
};

test.each([
  ['-t -i', { fromHeaders: true, endsAtDot: false }],
  ['-ti', { fromHeaders: true, endsAtDot: false }],
  ['-oi -t', { fromHeaders: true, endsAtDot: false }],
  ['-o i -t', { fromHeaders: true, endsAtDot: false }],
  [
    '-FCronDaemon -i -odi -oem -oi -t -f root',
    { from: 'root', fullName: 'CronDaemon', fromHeaders: true, endsAtDot: false },
  ],
  ['-fwww@x.test -t', { from: 'www@x.test', fromHeaders: true }],
  ['-r www@x.test ada@x.test', { from: 'www@x.test', recipients: ['ada@x.test'] }],
  [
    '-i -f app@x.test -- ada@x.test -bob@x.test',
    { from: 'app@x.test', endsAtDot: false, recipients: ['ada@x.test', '-bob@x.test'] },
  ],
  ['-bm -v -n -N success -R hdrs -V 17 -B 8BITMIME -h 3 -U -G -Z -d8.7 ada@x.test', { recipients: ['ada@x.test'] }],
  [
    '--url http://127.0.0.1:1 --smtp=127.0.0.1:2 ada@x.test',
    { recipients: ['ada@x.test'], where: { url: 'http://127.0.0.1:1', smtp: '127.0.0.1:2' } },
  ],
])('%s', (line, call) => {
  expect(readSendmailArguments(line.split(' '))).toEqual({ ...plain, ...call });
});

test.each([
  ['-bs', { do: 'smtp', where: {} }],
  ['-bp', { do: 'list-queue' }],
  ['-q', { do: 'nothing' }],
  ['-q15m', { do: 'nothing' }],
  ['-bi', { do: 'nothing' }],
  ['-i', { do: 'refuse', reason: 'no recipients: give some, or -t to take them from the headers' }],
  ['-t -F', { do: 'refuse', reason: '-F needs a value' }],
  ['-bd', { do: 'refuse', reason: expect.stringContaining('-bd') }],
  ['-t --url', { do: 'refuse', reason: '--url needs a value' }],
  ['-t --help', { do: 'help' }],
])('%s', (line, call) => {
  expect(readSendmailArguments(line.split(' '))).toEqual(call);
});

describe('the mail that is sent', () => {
  const caller = { user: 'www', host: 'app.test', now: new Date('2026-01-02T03:04:05Z'), unique: '17' };
  const made = (args: string, input: string) => {
    const call = readSendmailArguments(args.split(' '));
    if (call.do !== 'send') throw new Error(`not to be sent: ${JSON.stringify(call)}`);
    const { from, to, raw } = toSubmission(Buffer.from(input), call, caller);
    return { from, to, raw: raw.toString() };
  };
  const added = 'Date: Fri, 02 Jan 2026 03:04:05 +0000\nMessage-ID: <17@app.test>\n';

  test('Bcc is removed with its folded lines; its addresses stay in the envelope', () => {
    const input =
      'To: Ada <ada@x.test>,\n "Bob, the" <bob@x.test>\nBCC: c@x.test,\n\td@x.test\nFrom: a@x.test\nSubject: x\n\nBcc: text\n';
    expect(made('-t -i eve@x.test', input)).toEqual({
      from: 'www@app.test',
      to: ['eve@x.test', 'ada@x.test', 'bob@x.test', 'c@x.test', 'd@x.test'],
      raw: `To: Ada <ada@x.test>,\n "Bob, the" <bob@x.test>\nFrom: a@x.test\nSubject: x\n${added}\nBcc: text\n`,
    });
  });

  test('existing fields are not added again, and line ends are kept', () => {
    const input = 'From: a@x\r\nto: b@x\r\nDATE: x\r\nMessage-Id: <y@x>\r\n\r\ntext\r\n';
    expect(made('-t', input)).toEqual({ from: 'www@app.test', to: ['b@x'], raw: input });
  });

  test('a resent mail goes to the Resent- recipients', () => {
    expect(made('-t', 'To: a@x\nResent-To: b@x\nResent-Bcc: c@x\n\n').to).toEqual(['b@x', 'c@x']);
  });

  test.each([
    ['a body without headers', 'just text\nand more\n', '\njust text\nand more\n'],
    ['nothing at all', '', '\n'],
    ['a header alone, not ended', 'Subject: x', null],
    ['the separator of an mbox', 'From ada Fri\nSubject: x\n\ntext\n', null],
  ])('%s', (_, input, body) => {
    const { raw } = made('-F Jörg -f a@x b@x', input);
    const head = `From: =?UTF-8?B?SsO2cmc=?= <a@x>\n${added}`;
    if (body === null) expect(raw).toMatch(/^Subject: x\nFrom: =\?UTF-8/);
    else expect(raw).toBe(head + body);
  });

  test.each([
    ['-f <> b@x', ''],
    ['-f root b@x', 'root'],
    ['-f "Ada"<ada@x.test> b@x', 'ada@x.test'],
  ])('the envelope sender of %s', (args, from) => {
    expect(made(args, '\n')).toMatchObject({ from, to: ['b@x'] });
  });
});
