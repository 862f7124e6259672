import { createConnection } from 'node:net';
import { expect, test, vi } from 'vitest';
import type { Session, Sessions } from '../../wire/state.ts';
import { aSandbox } from '../a-sandbox.ts';
import { play } from '../net/play.ts';
import { aSession } from '../store/a-session.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');

/** The sessions that match, once all have ended. */
async function ended(sandbox: Awaited<ReturnType<typeof aSandbox>>, count: number, query = ''): Promise<Sessions> {
  return vi.waitFor(async () => {
    const { json } = await sandbox.get(`/api/sessions${query}`);
    if (json.matched !== count || json.sessions.some(({ outcome }: Session) => outcome === 'open'))
      throw new Error(`not all have ended: ${JSON.stringify(json)}`);
    return json;
  }, 60_000);
}

async function whole(sandbox: Awaited<ReturnType<typeof aSandbox>>, id: string | undefined): Promise<Session> {
  return (await sandbox.get(`/api/sessions/${id}`)).json;
}

const spoken = ({ transcript }: Session) =>
  transcript.map(({ from, text }) => `${from === 'client' ? 'C' : 'S'}: ${text}`);

test('an SMTP session is recorded with its mail, its envelope and what both sides said, but no credentials', async () => {
  await using sandbox = await aSandbox();
  await play(
    sandbox.smtp.port,
    `S: 220 *
    C: EHLO app.test
    S-until: 250 *
    C: AUTH PLAIN ${base64('\0bob\nsecret-one')}
    S: 501 *
    C: AUTH LOGIN
    S: 334 *
    C: ${base64('eve')}
    S: 334 *
    C: ${base64('secret-two')}
    S: 235 *
    C: MAIL FROM:<shop@app.test> SIZE=20
    S: 250 *
    C: RCPT TO:<ada@x.test>
    S: 250 *
    C: RCPT TO:<"a b"@x.test>
    S: 250 *
    C: DATA
    S: 354 *
    C: Subject: private
    C:
    C: .
    S: 250 *
    C: secret-three
    S: 500 *
    C: QUIT
    S: 221 *`,
  );
  const [mail] = await sandbox.list();
  const { sessions } = await ended(sandbox, 1);
  expect(sessions).toEqual([
    {
      id: expect.stringMatching(/^[a-z0-9]{22}$/),
      protocol: 'SMTP',
      peer: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
      startedAt: expect.any(String),
      endedAt: expect.any(String),
      outcome: 'accepted',
      reason: null,
      helo: 'app.test',
      username: 'eve',
      tls: null,
      from: 'shop@app.test',
      to: ['ada@x.test', '"a b"@x.test'],
      mails: 1,
      refusals: 2,
      refusal: { command: 'unknown command', reply: expect.stringMatching(/^500 /) },
    },
  ]);
  const session = await whole(sandbox, sessions[0]?.id);
  expect(session.messages).toEqual([mail?.id]);
  expect(spoken(session).filter((line) => line.startsWith('C:'))).toEqual([
    'C: EHLO app.test',
    'C: AUTH PLAIN [credentials]',
    'C: AUTH LOGIN',
    'C: [credentials]',
    'C: [credentials]',
    'C: MAIL FROM:<shop@app.test> SIZE=20',
    'C: RCPT TO:<ada@x.test>',
    'C: RCPT TO:<"a b"@x.test>',
    'C: DATA',
    'C: [mail of 20 octets]',
    'C: [unknown command of 12 octets]',
    'C: QUIT',
  ]);
  const text = JSON.stringify(session);
  for (const secret of ['secret', 'private', base64('eve'), base64('secret-two')]) expect(text).not.toContain(secret);
  expect(spoken(session)[0]).toMatch(/^S: 220 /);
  expect(spoken(session).at(-1)).toMatch(/^S: 221 /);
});

test('a session that left no mail says why: what was refused, or how it was lost', async () => {
  await using sandbox = await aSandbox({ maxMessageSize: 1000 });
  await play(
    sandbox.smtp.port,
    `S: 220 *
    C: EHLO app.test
    S-until: 250 *
    C: MAIL FROM:<shop@app.test> SIZE=2000
    S: 552 *
    C: MAIL FROM:<>
    S: 250 *
    C: RCPT TO:<ada@x.test>>
    S: 501 *
    C: QUIT
    S: 221 *`,
  );
  await new Promise<void>((resolve, reject) => {
    const socket = createConnection(sandbox.smtp.port, '127.0.0.1');
    socket.on('error', reject).on('close', () => resolve());
    socket.once('data', () =>
      socket.write('EHLO x\r\nMAIL FROM:<a@x.test>\r\nRCPT TO:<b@x.test>\r\nDATA\r\nSubject: cut'),
    );
    socket.on('data', (text) => String(text).includes('354') && socket.destroy());
  });
  const { sessions } = await ended(sandbox, 2);
  const [lost, refused] = sessions;
  expect(refused).toMatchObject({
    outcome: 'refused',
    from: '',
    to: ['ada@x.test'],
    refusals: 2,
    refusal: { command: 'RCPT TO:<ada@x.test>>', reply: expect.stringMatching(/^501 /) },
  });
  expect(lost).toMatchObject({ outcome: 'lost', reason: expect.stringMatching(/12 octets\) \(DATA\)$/), mails: 0 });

  const find = async (query: string) =>
    (await sandbox.get(`/api/sessions?${query}`)).json.sessions.map(({ id }: Session) => id);
  expect(await find('outcome=refused')).toEqual([refused?.id]);
  expect(await find('outcome=accepted')).toEqual([]);
  expect(await find('address=B@X.test')).toEqual([lost?.id]);
  expect(await find('protocol=POP3')).toEqual([]);
  expect(await find('peer=127.0.0.1')).toEqual([lost?.id, refused?.id]);
  expect(await find(`peer=${lost?.peer}`)).toEqual([lost?.id]);
  expect(await find('limit=1')).toEqual([lost?.id]);

  const expected = await sandbox.get('/api/messages/wait?timeout=0&q=to:ada');
  expect(expected.status).toBe(408);
});

test('a POP3 session is recorded without passwords and without mail', async () => {
  await using sandbox = await aSandbox({ pop3Auth: new Map([['bob', 'right secret']]) });
  await play(
    sandbox.smtp.port,
    `S: 220 *
    C: HELO x
    S: 250 *
    C: MAIL FROM:<a@x.test>
    S: 250 *
    C: RCPT TO:<bob>
    S: 250 *
    C: DATA
    S: 354 *
    C: Subject: private
    C: .
    S: 250 *
    C: QUIT
    S: 221 *`,
  );
  await play(
    sandbox.pop3?.port ?? 0,
    `S: +OK *
    C: USER bob
    S: +OK *
    C: PASS wrong secret
    S: -ERR *
    C: USER bob
    S: +OK *
    C: PASS right secret
    S: +OK *
    C: STAT
    S: +OK *
    C: UIDL
    S-until: .
    C: QUIT
    S: +OK *`,
  );
  const { sessions } = await ended(sandbox, 1, '?protocol=POP3');
  expect(sessions).toMatchObject([
    { protocol: 'POP3', outcome: 'refused', username: 'bob', refusals: 1, from: null, to: [], mails: 0 },
  ]);
  const session = await whole(sandbox, sessions[0]?.id);
  expect(spoken(session).filter((line) => line.startsWith('C:'))).toEqual([
    'C: USER bob',
    'C: PASS [credentials]',
    'C: USER bob',
    'C: PASS [credentials]',
    'C: STAT',
    'C: UIDL',
    'C: QUIT',
  ]);
  expect(spoken(session)).toContainEqual(expect.stringMatching(/^S: \[list of \d messages\]$/));
  expect(JSON.stringify(session)).not.toContain('secret');
});

test('an open session is listed with what has been said so far', async () => {
  await using sandbox = await aSandbox();
  const socket = createConnection(sandbox.smtp.port, '127.0.0.1').on('error', () => {});
  socket.once('data', () => socket.write('EHLO still-here.test\r\n'));
  const open = await vi.waitFor(async () => {
    const [session] = (await sandbox.get('/api/sessions')).json.sessions;
    if (session?.helo !== 'still-here.test') throw new Error('not yet');
    return session;
  }, 60_000);
  expect(open).toMatchObject({ outcome: 'open', endedAt: null });
  expect(spoken(await whole(sandbox, open.id))).toContain('C: EHLO still-here.test');
  socket.destroy();
  expect((await ended(sandbox, 1)).sessions).toMatchObject([{ id: open.id, outcome: 'ended' }]);
});

test('the latest thousand are remembered, and an unknown one is not found', async () => {
  await using sandbox = await aSandbox();
  const { store } = sandbox;
  const session = (n: number) => aSession(`session-${String(n).padStart(5, '0')}`);
  for (let n = 0; n < 1200; n++) await store.saveSession(session(n));
  // A session that is saved again keeps its place.
  await store.saveSession({ ...session(300), outcome: 'ended' });
  const { sessions, matched } = (await sandbox.get('/api/sessions?limit=500')).json;
  expect([matched, sessions.length, sessions[0].id]).toEqual([1000, 500, 'session-01199']);
  expect((await sandbox.get('/api/sessions?outcome=ended')).json.sessions).toMatchObject([{ id: 'session-00300' }]);
  const unknown = await sandbox.get('/api/sessions/session-00001');
  expect([unknown.status, unknown.json.code]).toEqual([404, 'not-found']);
  expect((await sandbox.get('/api/sessions?outcome=nope')).status).toBe(400);
});
