import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Peer, TlsFacts } from '../message/message.ts';

/** What determines the protocol name of a mail. */
export interface Transmission {
  /** EHLO, not HELO. */
  readonly extended: boolean;
  readonly utf8: boolean;
  readonly tls: boolean;
  readonly authenticated: boolean;
}

/** `SMTP`, `ESMTPSA`, `UTF8SMTPS`, ... (RFC 3848 §1, RFC 6531 §4.3). */
export function protocolName({ extended, utf8, tls, authenticated }: Transmission): string {
  if (!extended && !tls && !authenticated) return 'SMTP';
  return `${utf8 ? 'UTF8SMTP' : 'ESMTP'}${tls ? 'S' : ''}${authenticated ? 'A' : ''}`;
}

/** What the session knows about its client. */
interface Known extends Omit<Peer, 'protocol' | 'tls'> {
  readonly socket: Socket;
  readonly extended: boolean;
  readonly utf8: boolean;
}

export function peerOf({ socket, address, port, helo, extended, utf8, username }: Known): Peer {
  const tls = socket instanceof TLSSocket ? tlsFacts(socket) : null;
  const protocol = protocolName({ extended, utf8, tls: tls !== null, authenticated: username !== null });
  return { address, port, helo, protocol, tls, username };
}

function tlsFacts(socket: TLSSocket): TlsFacts {
  const { standardName, name } = socket.getCipher();
  return {
    protocol: socket.getProtocol() ?? 'unknown',
    cipher: standardName ?? name,
    // False if the client sent no host name, whatever the type says.
    servername: typeof socket.servername === 'string' ? socket.servername : null,
  };
}
