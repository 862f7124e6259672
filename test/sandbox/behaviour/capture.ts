import { describe, expect, test } from 'vitest';
import { type Stage, subjects } from './stage.ts';

/** The mail that a block of a test has caused. */
export function captureBehaviour(stage: Stage): void {
  const { sendAll } = stage;

  describe('capture', () => {
    test('returns the mail that arrived while the block ran', async () => {
      const ada = stage.sandbox.mailbox('ada');
      await sendAll(ada.address, 'before');
      const mails = await ada.capture(async () => {
        await sendAll(ada.address, 'one', 'two');
        await sendAll('bob@example.test', 'of another test');
      });
      await sendAll(ada.address, 'after');
      expect(subjects(mails)).toEqual(['one', 'two']);
      expect(await ada.capture(() => {})).toEqual([]);
    });

    test('waits for a number of mails if the block does not', async () => {
      const ada = stage.sandbox.mailbox('ada');
      let sent: Promise<void> | undefined;
      const mails = await ada.capture(
        () => {
          sent = sendAll(ada.address, 'one', 'two');
        },
        { count: 2 },
      );
      await sent;
      expect(subjects(mails)).toEqual(['one', 'two']);
      await expect(ada.capture(() => {}, { count: 1, timeout: 20 })).rejects.toThrow(/none came/);
    });

    test('waits until it is quiet', async () => {
      const ada = stage.sandbox.mailbox('ada');
      const mails = await ada.capture(() => sendAll(ada.address, 'one', 'two', 'three'), { quiet: 30 });
      expect(mails).toHaveLength(3);
      await expect(ada.capture(() => {}, { quiet: 30, count: 1 })).rejects.toThrow(/Please give only one of them/);
    });

    test('rethrows an error of the block', async () => {
      await expect(stage.sandbox.capture(() => Promise.reject(new Error('app is broken')))).rejects.toThrow(
        'app is broken',
      );
    });
  });
}
