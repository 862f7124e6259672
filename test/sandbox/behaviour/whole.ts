import { describe, expect, test } from 'vitest';
import type { Frame } from '../../../client/index.ts';
import { type Stage, subjects } from './stage.ts';

/** The sandbox as a whole, and its lifecycle. */
export function wholeBehaviour(stage: Stage): void {
  const { send, sendAll } = stage;

  describe('events', () => {
    test('arrive without a gap after the hello, until the loop is left', async () => {
      const ada = stage.sandbox.mailbox('ada');
      const told: Frame['type'][] = [];
      for await (const event of stage.sandbox.events()) {
        if (event.type === 'hello') await sendAll(ada.address, 'news');
        if (event.type === 'added' && event.message.envelope.to[0] === ada.address) await ada.clear();
        if (event.type === 'added' || event.type === 'removed' || event.type === 'hello') told.push(event.type);
        if (event.type === 'removed') break;
      }
      expect(told).toEqual(['hello', 'added', 'removed']);
    });

    test('end with the signal, and on disposal', async () => {
      const controller = new AbortController();
      const reason = new Error('enough');
      const events = stage.sandbox.events({ signal: controller.signal });
      expect((await events.next()).value).toMatchObject({ type: 'hello', resumed: false });
      const reading = events.next();
      controller.abort(reason);
      await expect(reading).rejects.toBe(reason);
      expect(await events.next()).toEqual({ done: true, value: undefined });

      const others = stage.sandbox.events();
      {
        await using disposed = others;
        await disposed.next();
      }
      expect(await others.next()).toEqual({ done: true, value: undefined });
    });
  });

  describe('the sandbox', () => {
    test('has the same methods for all mail, and clears it', async () => {
      await using own = await stage.open();
      await own.clear();
      const at = own.smtp;
      await send('ada@example.test', { subject: 'one' }, at);
      await send('bob@example.test', { subject: 'two' }, at);
      expect(subjects(await own.messages())).toEqual(['one', 'two']);
      expect((await own.waitFor('to:ada@example.test')).subject).toBe('one');
      expect((await own.next()).subject).toBe('one');
      await expect(own.expectNone({ within: 0 })).resolves.toBeUndefined();
      expect(await own.clear()).toBe(2);
      expect(await own.messages()).toEqual([]);
    });

    test('says where it listens', async () => {
      expect(stage.sandbox.smtp.port).toBeGreaterThan(0);
      expect(stage.sandbox.pop3?.port).toBeGreaterThan(0);
      const response = await fetch(`${stage.sandbox.http.url}/livez`);
      expect(await response.json()).toEqual({ live: true });
      expect((await stage.sandbox.api.server()).smtp.port).toBe(stage.sandbox.smtp.port);
    });

    test('when closed, ends pending calls and rejects later ones', async () => {
      const own = await stage.open();
      const events = own.events();
      await events.next();
      const closed = { name: 'ApiError', code: 'closed' };
      const waiting = expect(own.mailbox().waitFor()).rejects.toMatchObject(closed);
      await own.close();
      await own.close();
      await waiting;
      expect(await events.next()).toEqual({ done: true, value: undefined });
      await expect(own.messages()).rejects.toMatchObject(closed);
    });
  });
}
