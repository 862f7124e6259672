import { Closer } from '../../server/closer.ts';
import type { WireMail } from './mails.ts';
import { type Place, SmtpClient } from './smtp-client.ts';

/** How mails are sent: for how long, by how many senders at once. */
export interface Load {
  readonly senders: number;
  /** A new connection for each mail, or one for all. */
  readonly connection: 'kept' | 'new';
  readonly mail: WireMail;
}

/** The result: how many mails got a 250, and how long it took. */
export interface Sent {
  readonly mails: number;
  readonly milliseconds: number;
}

/**
 * Sends for about this long; after that, no sender starts another mail.
 * @throws when a server refuses anything
 */
export function send(at: Place, load: Load, milliseconds: number): Promise<Sent> {
  return load.connection === 'kept' ? sendKept(at, load, milliseconds) : sendNew(at, load, milliseconds);
}

/**
 * Fills a server with this many mails over kept connections.
 * @param to the recipients of the nth mail; default: Ada
 */
export async function fill(
  port: number,
  senders: number,
  mail: WireMail,
  count: number,
  to?: (n: number) => readonly string[],
): Promise<void> {
  await using connections = new Closer();
  let left = count;
  await Promise.all(
    (await connect(connections, port, Math.min(senders, count))).map(async (client) => {
      while (left-- > 0) await client.deliver(mail.body, to?.(left));
    }),
  );
}

async function sendKept(at: Place, { senders, mail }: Load, milliseconds: number): Promise<Sent> {
  await using connections = new Closer();
  const clients = await connect(connections, at, senders);
  // Awaited here: the connections are closed when this function returns.
  return await clocked(clients, milliseconds, (client) => client.deliver(mail.body));
}

function connect(connections: Closer, at: Place, count: number): Promise<SmtpClient[]> {
  return Promise.all(
    Array.from({ length: count }, async () => {
      const client = connections.use(await SmtpClient.open(at));
      await client.hello();
      return client;
    }),
  );
}

async function sendNew(at: Place, { senders, mail }: Load, milliseconds: number): Promise<Sent> {
  return clocked(Array.from({ length: senders }), milliseconds, async () => {
    await using client = await SmtpClient.open(at);
    await client.hello();
    await client.deliver(mail.body);
  });
}

async function clocked<T>(senders: readonly T[], milliseconds: number, deliver: (sender: T) => Promise<unknown>) {
  const start = performance.now();
  let mails = 0;
  const untilEnd = async (sender: T) => {
    while (performance.now() - start < milliseconds) {
      await deliver(sender);
      mails++;
    }
  };
  await Promise.all(senders.map(untilEnd));
  return { mails, milliseconds: performance.now() - start };
}
