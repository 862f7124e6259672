import { createTransport } from 'nodemailer';
import { describe, expect, test } from 'vitest';
import { type Stage, subjects } from './stage.ts';

/** Whose mail is whose. */
export function mailboxBehaviour(stage: Stage): void {
  const { send, sendAll } = stage;

  describe('a mailbox', () => {
    test('has its own address, which begins with its name', () => {
      const addresses = Array.from({ length: 200 }, () => stage.sandbox.mailbox('ada').address);
      expect(new Set(addresses).size).toBe(200);
      for (const address of addresses) expect(address).toMatch(/^ada-[0-9a-v]{10}@mailstop\.test$/);
      expect(stage.sandbox.mailbox().address).toMatch(/^test-/);
    });

    test('can have a given address', async () => {
      const fixed = stage.sandbox.mailbox({ address: 'seeded+user@example.test' });
      await send('seeded+user@example.test', { subject: 'to the seeded user' });
      await send('user@example.test', { subject: 'to somebody else' });
      expect((await fixed.waitFor()).subject).toBe('to the seeded user');
      expect(await fixed.clear()).toBe(1);
    });

    test('sees only what is delivered to it, including Bcc', async () => {
      const [ada, bob] = [stage.sandbox.mailbox('ada'), stage.sandbox.mailbox('bob')];
      await send(ada.address, { subject: 'for ada' });
      await createTransport({ ...stage.sandbox.smtp }).sendMail({
        to: ada.address,
        bcc: bob.address,
        subject: 'for both',
      });
      expect(subjects(await ada.messages())).toEqual(['for ada', 'for both']);
      expect(subjects(await bob.messages())).toEqual(['for both']);
      const [secret] = await bob.messages();
      expect(secret?.envelope.to).toEqual([ada.address, bob.address]);
      expect(secret?.bcc).toEqual([{ name: '', address: bob.address }]);
    });

    test('is cleared without affecting others', async () => {
      const [ada, bob] = [stage.sandbox.mailbox('ada'), stage.sandbox.mailbox('bob')];
      await sendAll(ada.address, '1', '2');
      await sendAll(bob.address, '3');
      expect(await ada.clear()).toBe(2);
      expect(await ada.messages()).toEqual([]);
      expect(await bob.messages()).toHaveLength(1);
    });

    test.each([
      ['ada@example.test', /"ada@example.test" is an address, not a name. Please write mailbox\(\{ address/],
      ['ada lovelace', /an address can't begin with "ada lovelace". Please use up to 41 letters/],
      [{ address: '*' }, /"\*" is not a plain address. Please give one like/],
      [{ address: 'a"b@x.test' }, /is not a plain address/],
    ])('refuses %j', (name, why) => {
      expect(() => stage.sandbox.mailbox(name)).toThrow(why);
    });
  });
}
