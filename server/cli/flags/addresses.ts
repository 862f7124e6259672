import { type Given, refuse } from '../../config/flag.ts';

export interface Person {
  readonly name: string;
  readonly address: string;
}

/** `"Doe, Ada" <ada@x.test>`, `Ada <ada@x.test>` or `ada@x.test`, and the comma after it. */
const PERSON = /\s*(?:(?:"((?:[^"\\]|\\.)*)"|([^",<>]*?))\s*<([^<>]*)>|([^\s",<>]+))\s*(?:,|$)/y;
/** An address with nothing that could mean something else in an SMTP command. */
const ADDRESS = /^[^\s<>"(),:;@[\\\]\p{Cc}]+(?:@[^\s<>"(),;@\\\p{Cc}]+)?$/u;

/**
 * Addresses as a person types them, separated by commas.
 * @throws {MailstopError} `bad-config`, naming the flag and the value
 */
export function people(given: Given): Person[] {
  const [, text] = given;
  const found: Person[] = [];
  for (let at = 0; at < text.length; at = PERSON.lastIndex) {
    PERSON.lastIndex = at;
    const [, quoted, plain = '', angle, bare] = PERSON.exec(text) ?? [];
    const address = angle ?? bare ?? '';
    if (!ADDRESS.test(address)) refuse(given, 'addresses like ada@example.test or "Ada <ada@example.test>"');
    found.push({ name: (quoted?.replaceAll(/\\(.)/g, '$1') ?? plain).trim(), address });
  }
  if (found.length === 0) refuse(given, 'an address like ada@example.test');
  return found;
}
