import { type Given, refuse } from '../../config/flag.ts';
import { parseAddressList } from '../../message/headers/address-list.ts';
import type { Address } from '../../message/message.ts';

/** An address with nothing that could mean something else in an SMTP command. */
const ADDRESS = /^[^\s<>"(),:;@[\\\]\p{Cc}]+(?:@[^\s<>"(),;@\\\p{Cc}]+)?$/u;

/**
 * Addresses as a person types them, separated by commas. Stricter than a header is read: a name that looks like part of
 * an address tells of a missing comma or bracket.
 * @throws {MailstopError} `bad-config`, naming the flag and the value
 */
export function people(given: Given): Address[] {
  const [, text] = given;
  const found = parseAddressList(Buffer.from(text).toString('latin1'));
  const isOdd = ({ name, address }: Address) => !ADDRESS.test(address) || /[@<>]/.test(name);
  if (/\p{Cc}/u.test(text) || found.some(isOdd))
    refuse(given, 'addresses like ada@example.test or "Ada <ada@example.test>"');
  if (found.length === 0) refuse(given, 'an address like ada@example.test');
  return found;
}
