import { readFileSync } from 'node:fs';
import type { Incoming } from '../../server/message/message.ts';

/** Octets of a mail written with LF for readability, one octet per char. */
export function mail(text: string): Buffer {
  return Buffer.from(text.replaceAll('\n', '\r\n'), 'latin1');
}

/** A mail as a real program wrote it. */
export function mailFile(name: string): Buffer {
  return readFileSync(new URL(`mails/${name}.eml`, import.meta.url));
}

export function incoming(raw: Buffer, recipients: readonly string[] = []): Incoming {
  return {
    raw,
    envelope: {
      from: { address: 'bounce@shop.test', parameters: {} },
      to: recipients.map((address) => ({ address, parameters: {} })),
    },
    peer: { address: '127.0.0.1', port: 40000, helo: 'app', protocol: 'ESMTP', tls: null, username: 'worker-3' },
    receivedAt: new Date('2026-11-21T09:00:01Z'),
    warnings: [],
  };
}
