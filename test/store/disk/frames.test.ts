import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { GONE, parseFrames, printFrame } from '../../../server/store/disk/journal/frames.ts';
import { seed } from '../../soak.ts';
import { mail } from './a-disk.ts';

const filed = (raw: Uint8Array, seq: number) => ({
  id: `mail-${seq}-of-these`,
  seq,
  incoming: mail('', { raw: Buffer.from(raw) }),
});

const print = (raws: readonly Uint8Array[]) => raws.map((raw, n) => Buffer.concat(printFrame(filed(raw, n + 1))));

describe('a journal', () => {
  test(`returns what was written, whatever its content; seed ${seed}`, () => {
    const octets = fc.oneof(fc.uint8Array({ maxLength: 200 }), fc.string({ unit: 'binary' }).map(Buffer.from));
    fc.assert(
      fc.property(fc.array(octets, { maxLength: 5 }), (raws) => {
        const { mails, cutShort, damage } = parseFrames(Buffer.concat(print(raws)), 'a.journal');
        expect(mails.map(({ raw }) => raw)).toEqual(raws.map((raw) => Buffer.from(raw)));
        expect(mails.map(({ record }) => record.seq)).toEqual(raws.map((_, n) => n + 1));
        expect({ cutShort, damage }).toEqual({ cutShort: 0, damage: null });
      }),
      { seed },
    );
  });

  test('cut at any octet, has the mails before it, and is not taken for damaged', () => {
    const frames = print([Buffer.from('first\r\nmail 00000000 1 1\n'), Buffer.alloc(0), Buffer.from('third')]);
    const journal = Buffer.concat(frames);
    for (let length = 0; length <= journal.length; length++) {
      const ends = frames.map((_, n) => Buffer.concat(frames.slice(0, n + 1)).length);
      const whole = ends.filter((end) => end <= length);
      const { mails, cutShort, damage } = parseFrames(journal.subarray(0, length), 'a.journal');
      expect(mails).toHaveLength(whole.length);
      expect({ cutShort, damage }).toEqual({ cutShort: length - (whole.at(-1) ?? 0), damage: null });
    }
  });

  test('does not have what was removed from it', () => {
    const [first, second, third] = print(['a', 'b', 'c'].map((text) => Buffer.from(text)));
    second?.set(GONE);
    const { mails, damage } = parseFrames(
      Buffer.concat([first, second, third].map((frame) => frame ?? Buffer.of())),
      'a.journal',
    );
    expect(mails.map(({ raw }) => String(raw))).toEqual(['a', 'c']);
    expect(damage).toBeNull();
  });

  test('with one octet changed anywhere, has no wrong mail, and says that it is damaged', () => {
    const frames = print([Buffer.from('first'), Buffer.from('second')]);
    const [{ length } = Buffer.of()] = frames;
    for (let at = 0; at < length; at++) {
      const journal = Buffer.concat(frames);
      journal.writeUInt8((journal.readUInt8(at) ^ 0x15) & 0xff, at);
      const { mails, damage, cutShort } = parseFrames(journal, 'a.journal');
      const texts = mails.map(({ raw }) => String(raw));
      // Only the line feeds after record and octets carry no information.
      if (texts.includes('first')) expect(journal[at]).toBe(0x0a ^ 0x15);
      else expect(damage).not.toBeNull();
      expect(['first', 'second', 'first,second', '']).toContain(texts.join());
      expect(cutShort).toBe(0);
    }
  });

  test('of zeros, as a loss of power may leave it, is damaged', () => {
    expect(parseFrames(Buffer.alloc(100), 'a.journal').damage).toBe('it has 100 octets at 0 that are not a mail');
  });
});
