import { expect, test } from 'vitest';
import { createLog } from '../../server/cli/log-lines.ts';

function logged(json: boolean, act: (log: ReturnType<typeof createLog>) => void): string[] {
  const writes: string[] = [];
  const log = createLog({
    json,
    now: () => new Date('2026-01-02T03:04:05.678Z'),
    write: (lines) => writes.push(lines),
  });
  act(log);
  log.flush();
  return writes;
}

test('one line per event, and one write per turn of the event loop', () => {
  const writes = logged(false, (log) => {
    log.info('smtp accepted', { id: 'abc', from: 'a@x.test', subject: null });
    log.warn('smtp refused', { reason: 'too large' });
  });
  expect(writes).toEqual([
    expect.stringMatching(
      /^\d\d:04:05 smtp accepted {2}id=abc {2}from=a@x\.test\n\d\d:04:05 WARN: smtp refused {2}reason="too large"\n$/,
    ),
  ]);
});

test('JSON lines have time, level, event and the fields', () => {
  const [line = ''] = logged(true, (log) => log.error('failed', { error: 'x' }));
  expect(JSON.parse(line)).toEqual({ time: '2026-01-02T03:04:05.678Z', level: 'error', event: 'failed', error: 'x' });
});

test.each([true, false])('mail content cannot control the terminal or forge a line (JSON: %s)', (json) => {
  const evil = 'x\u001b[31m\r\n2026 INFO forged\u202egnp.exe\u2028\u0007\u009b1m\u{e0041}';
  const [line = ''] = logged(json, (log) => log.info('received', { from: evil }));
  expect(line.trimEnd()).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}]/u);
  expect(line.split('\n')).toHaveLength(2);
  if (json) expect(JSON.parse(line).from).toBe(evil);
});
