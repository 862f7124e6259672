import { expect, test } from 'vitest';
import type { Fields, Log } from '../../server/log.ts';
import type { Deliver } from '../../server/message/message.ts';
import { MailstopError, stopping } from '../../wire/errors.ts';
import { play } from '../net/play.ts';
import { catchMail, HELLO, TO_DATA } from './sandbox.ts';

const AGAIN = TO_DATA.slice(HELLO.length);

function record() {
  const told: [level: string, event: string, fields?: Fields][] = [];
  const to = (level: string) => (event: string, fields?: Fields) =>
    void told.push(fields ? [level, event, fields] : [level, event]);
  const log: Log = { info: to('info'), warn: to('warn'), error: to('error') };
  return { told, log };
}

test('an accepted mail is one line in the log', async () => {
  const { told, log } = record();
  await using smtp = await catchMail({ log });
  await play(smtp.port, `${TO_DATA} C: Hi\n C: .\n S: 250 2.0.0 Ok: queued as mail-0001`);
  expect(told).toEqual([
    ['info', 'smtp accepted', { id: 'mail-0001', from: 'ada@app.test', to: 1, size: 4, peer: '127.0.0.1' }],
  ]);
});

test('a refused command is one line in the log, up to twenty of a connection', async () => {
  const { told, log } = record();
  await using smtp = await catchMail({ log });
  const refused = 'C: RCPT TO:<bob>>\n S: 501 *\n';
  await play(smtp.port, `${HELLO} C: MAIL FROM:<>\n S: 250 *\n ${refused.repeat(30)}`);
  expect(told).toHaveLength(20);
  expect(told[0]).toEqual([
    'warn',
    'smtp refused',
    {
      peer: '127.0.0.1',
      command: 'RCPT TO:<bob>>',
      reply: '501 5.1.3 Expected RCPT TO:<address>',
      session: 'session-0001',
    },
  ]);
});

const failures: readonly [name: string, deliver: Deliver, reply: string, level: string][] = [
  [
    'a full store',
    () => Promise.reject(new MailstopError('store-full', 'the limit is 10 octets')),
    '452 4.3.1 Not stored: the limit is 10 octets',
    'warn',
  ],
  [
    'a mail that is too large for the store',
    () => Promise.reject(new MailstopError('message-too-large', 'the limit is 10 octets')),
    '552 5.3.4 Not stored: the limit is 10 octets',
    'warn',
  ],
  [
    'a folder that can not be written',
    () => Promise.reject(new MailstopError('data-unwritable', '/data is on a file system that is read-only')),
    '451 4.3.0 Not stored: /data is on a file system that is read-only',
    'error',
  ],
  [
    'a Mailstop that stops',
    () => Promise.reject(stopping()),
    '451 4.3.2 Not stored: Mailstop is shutting down',
    'info',
  ],
  ['a failure inside', () => Promise.reject(new Error('disk on fire')), '451 4.3.0 Not stored: *', 'error'],
  [
    'a failure before there is a promise',
    () => {
      throw new Error('disk on fire');
    },
    '451 4.3.0 Not stored: *',
    'error',
  ],
  ['a store that never answers', () => new Promise(() => {}), '451 4.3.0 Not stored: *', 'error'],
];
for (const [name, deliver, reply, level] of failures)
  test(`${name} does not give a 250, and the session continues`, async () => {
    const { told, log } = record();
    {
      await using smtp = await catchMail({ log, times: { deliver: 50 } }, deliver);
      await play(smtp.port, `${TO_DATA} C: Hi\n C: .\n S: ${reply}\n ${AGAIN} C: .\n S: ${reply}\n C: QUIT\n S: 221 *`);
      expect(told.map(([as, event]) => `${as}: ${event}`)).toEqual([`${level}: smtp not stored`]);
    }
    // The second was only counted.
    expect(told.slice(1)).toEqual([[level, 'smtp not stored', expect.objectContaining({ more: 1 })]]);
  });

test('250 is not sent before the mail is stored', async () => {
  const order: string[] = [];
  await using smtp = await catchMail({}, async () => {
    await new Promise((resolve) => setImmediate(resolve));
    order.push('stored');
    return { id: 'mail-0001' };
  });
  await play(smtp.port, `${TO_DATA} C: .\n S: 250 *`).then(() => order.push('said'));
  expect(order).toEqual(['stored', 'said']);
});
