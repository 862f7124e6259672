import { existsSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { createInterface } from 'node:readline';
import { describe, expect, test } from 'vitest';
import { SmtpClient } from '../../bench/smtp-client.ts';
import { patience, rounds } from '../../soak.ts';
import { Disk, FAST } from './a-disk.ts';
import { Server } from './a-server.ts';

/** Senders at a time, and mails that each sends before it waits for an answer. */
const SENDERS = 4;
const PIPELINED = 10;
/** Octets of every other mail: the journal is full after a few hundred. */
const SIZES = [4 * 1024, 20 * 1024] as const;

/** Sends mail over one connection without waiting for the answers in between (RFC 2920), and reads it back meanwhile. */
class Sender {
  /** The mail sent, by the id in its 250. */
  readonly acknowledged = new Map<string, string>();
  readonly #name: string;
  #sent = 0;

  constructor(name: string) {
    this.#name = name;
  }

  /** @param batches how many times it sends `PIPELINED` mails */
  async send(server: Server, batches: number): Promise<void> {
    const socket = connect({ host: '127.0.0.1', port: server.smtp, noDelay: true });
    socket.write('EHLO soak.example\r\n');
    const lines = createInterface({ input: socket.setEncoding('latin1') });
    const replies = lines[Symbol.asyncIterator]();
    const reply = async () => {
      for (;;) {
        const { value, done } = await replies.next();
        if (done) throw new Error('the server closed the connection');
        // The last line of a reply (RFC 5321 §4.2.1).
        if (/^\d{3} /.test(value)) return String(value);
      }
    };
    await reply();
    await reply();
    let latest: ReadonlyMap<string, string> = new Map();
    for (let batch = 0; batch < batches; batch++) {
      const mails = Array.from({ length: PIPELINED }, () => this.#mail());
      socket.write(mails.map((mail) => `MAIL FROM:<a@x.test>\r\nRCPT TO:<b@x.test>\r\nDATA\r\n${mail}.\r\n`).join(''));
      // While these are stored.
      const reading = kept(server, latest);
      const acknowledged = new Map<string, string>();
      for (const mail of mails) {
        for (const expected of ['250', '250', '354']) expect((await reply()).slice(0, 3)).toBe(expected);
        const answer = await reply();
        // With too little space the server may reject mail, and then need not keep it.
        if (answer.startsWith('452')) continue;
        acknowledged.set(SmtpClient.idIn(answer), mail);
      }
      await reading;
      for (const [id, mail] of acknowledged) this.acknowledged.set(id, mail);
      latest = acknowledged;
    }
    socket.destroy();
  }

  #mail(): string {
    const line = `${'y'.repeat(76)}\r\n`;
    const size = SIZES[++this.#sent % 2] ?? 0;
    return `Subject: ${this.#name} ${this.#sent}\r\n\r\n${line.repeat(Math.floor(size / line.length))}`;
  }
}

async function kept(server: Server, acknowledged: ReadonlyMap<string, string>): Promise<void> {
  for (const [id, raw] of acknowledged) expect(String(await server.raw(id)), id).toBe(raw);
}

async function holds(server: Server, acknowledged: ReadonlyMap<string, string>): Promise<void> {
  expect(new Set(await server.list())).toEqual(new Set(acknowledged.keys()));
  await kept(server, acknowledged);
}

function filesHold(disk: Disk, acknowledged: ReadonlyMap<string, string>): void {
  expect(new Set(disk.mails())).toEqual(new Set(acknowledged.keys()));
  for (const [id, raw] of acknowledged) expect(readFileSync(disk.path('mail', `${id}.eml`), 'latin1'), id).toBe(raw);
}

/** The short form has floors at which mail waits for the journal most of the time, sometimes, and never. */
const floors =
  rounds(1) > 1 ? ['1MiB', '2MiB', '4MiB', '8MiB', '16MiB', '32MiB', '64MiB', 'off'] : ['1MiB', '4MiB', '64MiB', 'off'];

const disks: readonly (readonly [string, string, number])[] = [
  ['a fast disk', FAST, 8],
  ['a slow disk', tmpdir(), 2],
];

describe.each(disks)('on %s', (_, where, batches) => {
  test.each(floors)(
    'every 250 is kept with a floor of %s: under load, afterwards, in its file and after a restart',
    async (floor) => {
      await using disk = new Disk(where);
      const flags = ['--min-free-disk', floor, '--max-messages', '1000000', '--max-bytes', '8GiB'];
      const senders = Array.from({ length: SENDERS }, (_, n) => new Sender(`sender ${n} of ${floor}`));
      const acknowledged = () => new Map(senders.flatMap((sender) => [...sender.acknowledged]));
      for (const end of ['SIGTERM', 'SIGKILL'] as const) {
        await using server = await Server.start(disk.folder, ...flags);
        await Promise.all(senders.map((sender) => sender.send(server, rounds(batches))));
        await holds(server, acknowledged());
        await server.end(end);
        if (end === 'SIGTERM') filesHold(disk, acknowledged());
      }
      expect(acknowledged().size).toBeGreaterThan(SENDERS * PIPELINED);
      await using server = await Server.start(disk.folder, ...flags);
      await holds(server, acknowledged());
      filesHold(disk, acknowledged());
      expect(existsSync(disk.path('aside')) ? disk.names('aside') : []).toEqual([]);
    },
    patience(180_000),
  );
});
