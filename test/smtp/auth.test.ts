import { expect, test } from 'vitest';
import type { Fields, Log } from '../../server/log.ts';
import { play } from '../net/play.ts';
import { catchMail, HELLO, TO_DATA } from './sandbox.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const mail = `${TO_DATA.slice(HELLO.length)}
  C: .
  S: 250 *
`;

const exchanges: Readonly<Record<string, string>> = {
  'PLAIN with an initial response (RFC 4954 §4)': `C: AUTH PLAIN ${base64('\0bob\0pass')}`,
  'PLAIN without': `
    C: AUTH PLAIN
    S: 334*
    C: ${base64('\0bob\0pass')}`,
  'PLAIN with an authorization identity': `C: AUTH PLAIN ${base64('admin\0bob\0pass')}`,
  'PLAIN with an empty password': `C: AUTH PLAIN ${base64('\0bob\0')}`,
  LOGIN: `
    C: AUTH LOGIN
    S: 334 VXNlcm5hbWU6
    C: ${base64('bob')}
    S: 334 UGFzc3dvcmQ6
    C: ${base64('pass')}`,
  'LOGIN with an initial response': `
    C: AUTH LOGIN ${base64('bob')}
    S: 334 UGFzc3dvcmQ6
    C: ${base64('pass')}`,
  'CRAM-MD5': `
    C: AUTH CRAM-MD5
    S: 334 *
    C: ${base64(`bob ${'0'.repeat(32)}`)}`,
  XOAUTH2: `C: AUTH XOAUTH2 ${base64('user=bob\x01auth=Bearer token\x01\x01')}`,
};

for (const [name, exchange] of Object.entries(exchanges))
  test(`AUTH ${name}: any credentials will do, the username is kept`, async () => {
    await using smtp = await catchMail();
    await play(smtp.port, `${HELLO} ${exchange}\n S: 235 2.7.0 *\n ${mail}`);
    expect(smtp.mail().peer).toMatchObject({ username: 'bob', protocol: 'ESMTPA' });
  });

test('AUTH that goes wrong', async () => {
  await using smtp = await catchMail();
  await play(
    smtp.port,
    `${HELLO}
    C: AUTH
    S: 504 5.5.4 *
    C: AUTH GSSAPI
    S: 504 5.5.4 *
    C: AUTH PLAIN ${base64('no zero octets')}
    S: 501 5.5.4 *
    C: AUTH LOGIN
    S: 334 *
    C: *
    S: 501 *
    C: AUTH PLAIN ${base64('\0bob\nsmith\0pass')}
    S: 501 *
    C: AUTH PLAIN ${base64('\0bob\0pass')}
    S: 235 *
    C: AUTH PLAIN ${base64('\0eve\0pass')}
    S: 503 5.5.1 *
    ${mail}
  `,
  );
  expect(smtp.mail().peer.username).toBe('bob');
});

test('the password is neither kept nor logged, even if it comes out of turn', async () => {
  const told: [string, Fields?][] = [];
  const tell = (event: string, fields?: Fields) => void told.push(fields ? [event, fields] : [event]);
  const log: Log = { info: tell, warn: tell, error: tell };
  await using smtp = await catchMail({ log });
  await play(
    smtp.port,
    `${HELLO}
    C: AUTH PLAIN ${base64('\0bob\0secret')}
    S: 235 *
    C: AUTH LOGIN
    S: 503 *
    C: ${base64('bob')}
    S: 500 *
    C: ${base64('secret')}
    S: 500 *
    C: AUTH PLAIN ${base64('secret')}
    S: 503 *
    ${mail}
  `,
  );
  const kept = JSON.stringify([told, smtp.mails]);
  for (const form of ['secret', base64('secret'), base64('\0bob\0secret')]) expect(kept).not.toContain(form);
  expect(told.map(([event, fields]) => [event, fields?.['command']])).toEqual([
    ['smtp refused', 'AUTH'],
    ['smtp refused', 'unknown command'],
    ['smtp refused', 'unknown command'],
    ['smtp refused', 'AUTH'],
    ['smtp accepted', undefined],
  ]);
});
