import { afterEach, expect, test, vi } from 'vitest';
import { BadEnds, reasonOfError } from '../../server/net/bad-ends.ts';
import { TestLog } from './a-log.ts';

afterEach(() => void vi.useRealTimers());

const end = (n: number) => ({ peer: `127.0.0.1:${n}`, stage: 'DATA', reason: 'the client closed the connection' });

test('each is logged once; the rest of a flood is only counted', () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const log = new TestLog();
  const ends = new BadEnds(log, 'smtp');
  for (let n = 0; n < 100; n++) ends.add(end(n));
  ends.add({ ...end(100), stage: 'TLS handshake' });
  expect(log.of('smtp connection lost')).toEqual([
    ...Array.from({ length: 10 }, (_, n) => end(n)),
    { ...end(100), stage: 'TLS handshake' },
  ]);
  vi.advanceTimersByTime(10_000);
  expect(log.of('smtp connection lost').slice(11)).toEqual([{ ...end(99), more: 90 }]);
  ends.add(end(101));
  expect(log.of('smtp connection lost').at(-1)).toEqual(end(101));
});

test('the count is also logged at the end', () => {
  const log = new TestLog();
  using ends = new BadEnds(log, 'pop3');
  for (let n = 0; n < 12; n++) ends.add(end(n));
  ends[Symbol.dispose]();
  expect(log.of('pop3 connection lost').at(-1)).toEqual({ ...end(11), more: 2 });
});

test('socket errors are explained; unknown ones keep their code', () => {
  const error = (code: string) => Object.assign(new Error('read ECONNRESET'), { code });
  expect(reasonOfError(error('ECONNRESET'))).toEqual({ reason: expect.stringMatching(/^the client reset/) });
  expect(reasonOfError(error('EWHATEVER'))).toEqual({ reason: 'the connection failed', code: 'EWHATEVER' });
});
