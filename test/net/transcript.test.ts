import { describe, expect, test } from 'vitest';
import { linesOf, Transcript } from '../../server/net/transcript.ts';

describe('the transcript of a session', () => {
  test('has what both sides said, with the time since the start', () => {
    const transcript = new Transcript();
    transcript.add(0, 'server', '220 mailstop ESMTP\r\n');
    transcript.add(3, 'client', 'EHLO app.test');
    transcript.add(4, 'server', '250-mailstop greets app.test\r\n250 SIZE\r\n');
    transcript.add(5, 'client', '');
    expect(linesOf(transcript.text)).toEqual([
      { at: 0, from: 'server', text: '220 mailstop ESMTP' },
      { at: 3, from: 'client', text: 'EHLO app.test' },
      { at: 4, from: 'server', text: '250-mailstop greets app.test' },
      { at: 4, from: 'server', text: '250 SIZE' },
      { at: 5, from: 'client', text: '' },
    ]);
  });

  test('of a long session, has the beginning and the end, and says how much is missing', () => {
    const transcript = new Transcript();
    const all = 100_000;
    for (let n = 0; n < all; n++) transcript.add(n, n % 2 === 0 ? 'client' : 'server', `line ${n}`);
    expect(transcript.text.length).toBeLessThan(100 * 1024);
    const lines = linesOf(transcript.text);
    // Short lines take memory, too.
    expect(lines.length).toBeLessThan(2000);
    const note = lines.findIndex(({ text }) => text.startsWith('['));
    expect(lines.slice(0, note).map(({ text }) => text)).toEqual(Array.from({ length: note }, (_, n) => `line ${n}`));
    const after = lines.length - note - 1;
    expect(lines.slice(note + 1).map(({ text }) => text)).toEqual(
      Array.from({ length: after }, (_, n) => `line ${all - after + n}`),
    );
    expect(lines[note]).toEqual({
      at: all - after,
      from: 'server',
      text: `[${all - after - note} lines left out]`,
    });
  });

  test('a very long line is cut', () => {
    const transcript = new Transcript();
    transcript.add(0, 'client', 'x'.repeat(1_000_000));
    expect(linesOf(transcript.text)).toEqual([{ at: 0, from: 'client', text: `${'x'.repeat(1000)}...` }]);
  });
});
