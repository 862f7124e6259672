import { MailstopError } from '../../../wire/errors.ts';

/** Nesting depth of arrays and objects. The code that reads them, or prints them in an error, recurses per level. */
const MAX_DEPTH = 32;

/**
 * Checks JSON before it is parsed, in one pass.
 * @param maxValues most values and keys
 * @throws {MailstopError} `bad-request`
 */
export function checkShape(json: Buffer, maxValues: number): void {
  let depth = 0;
  let values = 1;
  let quoted = false;
  for (let at = 0; at < json.length; at++) {
    const octet = json[at];
    if (quoted) {
      if (octet === BACKSLASH) at++;
      else if (octet === QUOTE) quoted = false;
    } else if (octet === QUOTE) quoted = true;
    else if (octet === COMMA || octet === COLON) values++;
    else if (octet === OPENING_BRACKET || octet === OPENING_BRACE) {
      values++;
      if (++depth > MAX_DEPTH) throw tooMuch(`is nested deeper than ${MAX_DEPTH} levels`);
    } else if (octet === CLOSING_BRACKET || octet === CLOSING_BRACE) depth--;
  }
  if (values > maxValues) throw tooMuch(`has more than ${maxValues} values`);
}

function tooMuch(what: string): MailstopError {
  return new MailstopError('bad-request', `The JSON body ${what}: expected what /api/docs describes.`);
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPENING_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSING_BRACKET = 0x5d;
const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;
