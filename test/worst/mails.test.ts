import { describe, expect, test } from 'vitest';
import { mails, namesForPop3 } from './mails.ts';
import { measured } from './measured.ts';
import { octetsFromPop3 } from './pop3-client.ts';
import { measures } from './probed-server.ts';

const worst = measured();

describe.runIf(measures)('no mail holds the main thread, when it is taken, read, listed, searched or expected', () => {
  test.each(Object.keys(mails))(
    '%s',
    async (name) => {
      const mail = mails[name]?.() ?? Buffer.alloc(0);
      await worst.expectShort(
        name,
        () => worst.client.readAndSearch(mail),
        () => worst.client.clear(),
      );
    },
    120_000,
  );
});

const firstReads: Readonly<Record<string, () => Promise<unknown>>> = {
  listed: () => worst.client.ask('/api/messages?limit=500'),
  'searched for a word': () => worst.client.search('zzz'),
  'searched for a header': () => worst.client.search('header:To=zzz'),
  'searched for a recipient': () => worst.client.search('to:zzz@x.test'),
  waited: () => worst.client.ask('/api/messages/wait?q=zzz&timeout=0'),
  'expected in vain': () => worst.client.expect({ within: 0, count: 0 }),
};

describe.runIf(measures)('no mails with headers that take long to read do together', () => {
  const names = ['encoded words of unknown charsets in names', 'angle brackets for recipients'];
  test.each(names.flatMap((name) => Object.keys(firstReads).map((read) => [name, read] as const)))(
    '30 of %s, %s',
    async (name, read) => {
      await worst.client.clear();
      const mail = mails[name]?.() ?? Buffer.alloc(0);
      await worst.expectShort(
        `30 of ${name}, ${read}`,
        async () => {
          for (let i = 0; i < 30; i++) await worst.client.put(mail);
          await firstReads[read]?.();
        },
        () => worst.client.clear(),
      );
    },
    120_000,
  );
});

describe.runIf(measures)('no mail does over POP3', () => {
  test.each(namesForPop3)(
    '%s',
    async (name) => {
      await worst.client.clear();
      const mail = mails[name]?.() ?? Buffer.alloc(0);
      const fetched: number[] = [];
      await worst.expectShort(
        `pop3: ${name}`,
        async () => {
          await worst.client.put(mail);
          fetched.push(await octetsFromPop3(worst.server.pop3));
        },
        () => worst.client.clear(),
      );
      expect(Math.min(...fetched)).toBeGreaterThan(mail.length);
    },
    120_000,
  );
});
