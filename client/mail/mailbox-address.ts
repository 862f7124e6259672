import { refuse } from '../refusal.ts';

/** A mailbox whose address is known in advance. */
export interface MailboxOf {
  readonly address: string;
}

/** Nobody can own it: the top-level domain is reserved for tests (RFC 2606 §2). */
const DOMAIN = 'mailstop.test';
const RANDOM_CHARACTERS = 10;
const ALPHABET = '0123456789abcdefghijklmnopqrstuv';

/**
 * A fresh address, or the given one.
 * @throws {TypeError} for a name that no address can begin with
 */
export function mailboxAddress(name: string | MailboxOf = 'test'): string {
  if (typeof name === 'object') {
    // Characters that are special in the query language can't be quoted in it.
    if (/^[^\s@"\\<>]+@[^\s@"\\<>]+$/.test(name.address)) return name.address;
    refuse(
      'make a mailbox',
      `"${name.address}" is not a plain address`,
      'give one like { address: "ada@example.test" }',
    );
  }
  if (name.includes('@')) {
    refuse(
      'make a mailbox',
      `"${name}" is an address, not a name`,
      `write mailbox({ address: '${name}' }) if you mean that address`,
    );
  }
  if (!/^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,39}[A-Za-z0-9_-])?$/.test(name)) {
    refuse(
      'make a mailbox',
      `an address can't begin with "${name}"`,
      'use up to 41 letters, digits, dots, "-" and "_"',
    );
  }
  return `${name}-${random()}@${DOMAIN}`;
}

function random(): string {
  const octets = crypto.getRandomValues(new Uint8Array(RANDOM_CHARACTERS));
  return Array.from(octets, (octet) => ALPHABET[octet % ALPHABET.length]).join('');
}
