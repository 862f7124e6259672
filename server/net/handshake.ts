import type { TLSSocket } from 'node:tls';
import { type BadEnd, reasonOfError } from './bad-ends.ts';

/** Timeout for a client's handshake, in milliseconds. */
export const HANDSHAKE_MS = 15_000;

type Failure = Pick<BadEnd, 'reason' | 'code'>;

/**
 * Ends the server side of a TLS handshake if the client leaves or takes too long, and records why it failed.
 *
 * Our sockets stay open when the client closes its side, so they would otherwise wait for the rest of a handshake
 * forever. Destroy the TLS socket, not the one below: Node has crashed when the socket was removed from under TLS.
 */
export class HandshakeWatch {
  /** Whether the handshake succeeded. Never rejects. */
  readonly done: Promise<boolean>;
  #failure: Failure | null = null;
  #late = false;

  constructor(secured: TLSSocket, milliseconds: number) {
    const fail = (failure: Failure) => {
      this.#failure ??= failure;
      secured.destroy();
    };
    const onError = (error: Error) => fail(reasonOfHandshake(error));
    const onEnd = () => fail({ reason: 'the client closed the connection' });
    const timer = setTimeout(() => {
      this.#late = true;
      fail({
        reason: `it took longer than ${milliseconds / 1000} s; a client that waits for a greeting does not speak TLS`,
      });
    }, milliseconds).unref();
    this.done = new Promise((resolve) => {
      // Before the handshake is done, its errors are emitted as `_tlsError`.
      secured.on('error', onError).on('_tlsError', onError).on('end', onEnd);
      const settle = (done: boolean) => {
        clearTimeout(timer);
        secured.off('error', onError).off('_tlsError', onError).off('end', onEnd);
        // Keep a listener: an unhandled error event would end the process.
        secured.on('error', () => {});
        resolve(done);
      };
      secured.once('secure', () => settle(true)).once('close', () => settle(false));
    });
  }

  /** True if the client timed out, false if it left by itself. */
  get late(): boolean {
    return this.#late;
  }

  /** Why the handshake failed, if it did. */
  get failure(): Failure {
    return this.#failure ?? { reason: 'the connection was closed' };
  }
}

const NO_TRUST =
  'the client does not trust the certificate: give it the one of GET /api/certificate, or turn verification off';
const PLAIN_TEXT =
  'the client spoke plain text where TLS was expected: turn TLS on in the client, or use the port without TLS';
const NOTHING_IN_COMMON = 'the client and Mailstop have no TLS version or cipher in common';

/** By suffix of the error code. OpenSSL's own messages help nobody who does not work on TLS. */
const REASONS: readonly (readonly [RegExp, string])[] = [
  [/HTTP_REQUEST$/, 'the client sent an HTTP request where mail over TLS was expected'],
  [/(WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|UNKNOWN_PROTOCOL|BAD_RECORD_TYPE)$/, PLAIN_TEXT],
  [/ALERT_(UNKNOWN_CA|BAD_CERTIFICATE|CERTIFICATE_UNKNOWN|UNSUPPORTED_CERTIFICATE|CERTIFICATE_EXPIRED)$/, NO_TRUST],
  [/ALERT_(HANDSHAKE_FAILURE|PROTOCOL_VERSION|INSUFFICIENT_SECURITY)$/, NOTHING_IN_COMMON],
  [/(UNSUPPORTED_PROTOCOL|NO_SHARED_CIPHER|VERSION_TOO_LOW|NO_PROTOCOLS_AVAILABLE|NO_SUITABLE.*)$/, NOTHING_IN_COMMON],
];

function reasonOfHandshake(error: NodeJS.ErrnoException): Failure {
  const { code = 'unknown' } = error;
  const [, reason] = REASONS.find(([pattern]) => pattern.test(code)) ?? [];
  if (reason !== undefined) return { reason };
  return /^ERR_(SSL|TLS)|^EPROTO/.test(code)
    ? { reason: 'what the client sent is not TLS', code }
    : reasonOfError(error);
}
