import { once } from 'node:events';
import { connect } from 'node:net';
import type { Listing, Mailboxes, Message } from '../../wire/message.ts';
import type { Server } from '../../wire/state.ts';
import { SmtpClient } from '../bench/smtp-client.ts';
import type { Mail } from './operations.ts';

/** The addresses of a server. */
export interface Doors {
  readonly url: string;
  readonly smtp: number;
  readonly pop3: number;
}

/** @returns the id that the 250 names */
export async function sendBySmtp({ smtp }: Doors, { raw, to }: Mail): Promise<string> {
  await using client = await SmtpClient.open(smtp);
  await client.hello();
  // Dots at the beginning of a line are doubled on the wire (RFC 5321 §4.5.2).
  const stuffed = raw.toString('latin1').replace(/(^|\r\n)\./g, '$1..');
  return SmtpClient.idIn(await client.deliver(Buffer.from(`${stuffed}.\r\n`, 'latin1'), to));
}

/** REST, as far as the model asks. */
export function rest({ url }: Doors) {
  const ask = async (method: string, path: string, type?: string, body?: string | Buffer<ArrayBuffer>) => {
    const response = await fetch(`${url}${path}`, {
      method,
      ...(type === undefined ? {} : { headers: { 'content-type': type } }),
      ...(body === undefined ? {} : { body }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return Buffer.from(await response.arrayBuffer());
  };
  const json = async (method: string, path: string, type?: string, body?: string | Buffer<ArrayBuffer>) =>
    JSON.parse(String(await ask(method, path, type, body)));
  const many = (recipient: string) => `/api/messages?q=${encodeURIComponent(`rcpt:${recipient}`)}`;
  return {
    server: (): Promise<Server> => json('GET', '/api/server'),
    list: (): Promise<Listing> => json('GET', '/api/messages?limit=200'),
    of: (recipient: string): Promise<Listing> => json('GET', `${many(recipient)}&limit=200`),
    mailboxes: (): Promise<Mailboxes> => json('GET', '/api/mailboxes'),
    message: (id: string): Promise<Message> => json('GET', `/api/messages/${id}`),
    raw: (id: string) => ask('GET', `/api/messages/${id}/raw`),
    put: (mail: Mail): Promise<{ id: string }> => {
      const to = mail.to.map((address) => `to=${encodeURIComponent(address)}`).join('&');
      return json('POST', `/api/messages?${to}`, 'message/rfc822', Buffer.from(mail.raw));
    },
    mark: (id: string, change: object) =>
      ask('PATCH', `/api/messages/${id}`, 'application/json', JSON.stringify(change)),
    markMany: (recipient: string, change: object): Promise<{ updated: number }> =>
      json('PATCH', many(recipient), 'application/json', JSON.stringify(change)),
    remove: (id: string) => ask('DELETE', `/api/messages/${id}`),
    removeMany: (recipient: string): Promise<{ deleted: number }> => json('DELETE', many(recipient)),
    clear: (): Promise<{ deleted: number }> => json('DELETE', '/api/messages?all=true'),
  };
}

/** A POP3 session, one command at a time. Disposing of it drops the connection, without QUIT. */
export async function openPop3({ pop3 }: Doors, user: string) {
  const socket = connect(pop3, '127.0.0.1').setEncoding('latin1');
  let received = '';
  let failure: Error | null = null;
  const more = new EventTarget();
  const wake = () => more.dispatchEvent(new Event('more'));
  socket.on('data', (text) => {
    received += text;
    wake();
  });
  socket.on('error', (error) => {
    failure = error;
    wake();
  });
  socket.on('close', () => {
    failure ??= new Error('the server closed the connection');
    wake();
  });
  const upTo = async (end: string): Promise<string> => {
    for (;;) {
      const refused = received.startsWith('-ERR') && received.endsWith('\r\n');
      if (refused) throw new Error(received.trimEnd());
      if (received.endsWith(end)) break;
      if (failure) throw failure;
      await once(more, 'more');
    }
    const answer = received;
    received = '';
    return answer;
  };
  const say = (line: string, end = '\r\n') => {
    socket.write(`${line}\r\n`);
    return upTo(end);
  };
  const lines = async (command: string) => {
    const answer = await say(command, '\r\n.\r\n').catch((error: unknown) => {
      throw new Error(`${command}: ${error}`);
    });
    return answer.split('\r\n').slice(1, -2);
  };
  await upTo('\r\n');
  await say(`USER ${user}`);
  await say('PASS secret');
  return {
    say,
    /** Number and id of each mail. */
    uidl: () => lines('UIDL'),
    sizes: () => lines('LIST'),
    /** The octets, with dot-stuffing removed (RFC 1939 §3). */
    async retrieve(number: number): Promise<Buffer> {
      const answer = await say(`RETR ${number}`, '\r\n.\r\n');
      const text = answer.slice(answer.indexOf('\n') + 1, -'.\r\n'.length);
      return Buffer.from(text.replace(/(^|\n)\./g, '$1'), 'latin1');
    },
    [Symbol.dispose]: () => void socket.destroy(),
  };
}
