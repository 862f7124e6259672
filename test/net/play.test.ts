import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { play } from './play.ts';

/** Sends a greeting, echoes every line, and closes after QUIT. */
async function echo() {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.write('hello there\r\n');
    socket.on('data', (data) => (data.includes('QUIT') ? socket.end() : socket.write(data)));
    socket.on('end', () => socket.end('you closed\r\n'));
    socket.on('error', () => {});
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not bound');
  return { port: address.port, [Symbol.asyncDispose]: async () => void server.close() };
}

test('a conversation', async () => {
  await using server = await echo();
  const heard = await play(
    server.port,
    `
    S: hello *
    C: äöü.
    S: äöü.
    C-raw: "a\\nb\\u0000\\r\\nc"
    C-raw: "d\\r\\n"
    S: a*b*
    S: cd
    C: one
    C: two
    C: three
    S-until: t*e
    C: QUIT
    S-eof:
  `,
  );
  expect(heard).toEqual(['hello there', 'äöü.', 'a\nb\0', 'cd', 'one', 'two', 'three']);
});

test('closing one side', async () => {
  await using server = await echo();
  await play(server.port, 'S: *\n C-eof:\n S: you closed\n S-eof:');
});

const failures: Readonly<Record<string, [script: string, message: string]>> = {
  'another line': ['S: goodbye', 'expected  S: goodbye\nThe conversation was:\n  S: hello there'],
  'a dot is a dot': ['S: hello.there', 'expected  S: hello.there'],
  'no line': ['S: *\n C: QUIT\n S: bye', '  C: QUIT\n  (the server closed)'],
  'an end that does not come': ['S: *\n C: x\n S-eof:', 'expected the server to close'],
  silence: ['S: *\n S: more', 'the server said nothing for 50 ms'],
  'a step that is none': ['X: 1', "can't be played: X: 1"],
};
for (const [name, [script, message]] of Object.entries(failures))
  test(`fails at ${name}`, async () => {
    await using server = await echo();
    await expect(play(server.port, script, { patience: 50 })).rejects.toThrow(message);
  });
