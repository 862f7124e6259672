/** Damage in a transfer encoding: octets may be missing or wrong. */
export type EncodingFault = 'base64-skipped' | 'base64-cut' | 'bad-escape';

const LF = 0x0a;
const CR = 0x0d;
const EQUALS = 0x3d;

const OTHER = 0;
const DIGIT = 1;
const PADDING = 2;
const SPACE = 3;

/** The role of each octet in base64 (RFC 2045 §6.8). */
const KINDS = new Uint8Array(256);
for (const char of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/') {
  KINDS[char.charCodeAt(0)] = DIGIT;
}
for (const char of ' \t\r\n') KINDS[char.charCodeAt(0)] = SPACE;
KINDS['='.charCodeAt(0)] = PADDING;

/** Four chars are three octets, the last ones padded. */
export function base64Faults(octets: Buffer, decoded: Buffer): EncodingFault[] {
  if (isRegular(octets, decoded.length)) return [];
  let [digits, padding, others] = [0, 0, 0];
  for (let at = 0; at < octets.length; at++) {
    const kind = KINDS[octets[at] ?? 0];
    if (kind === DIGIT) digits++;
    else if (kind === PADDING) padding++;
    else if (kind === OTHER) others++;
  }
  return [
    ...(others > 0 ? (['base64-skipped'] as const) : []),
    ...((digits + padding) % 4 === 0 ? [] : (['base64-cut'] as const)),
  ];
}

/**
 * Fast path for lines of equal length, which most programs write: if the decoded length accounts for every char except
 * the line breaks, nothing is wrong. Saves checking each char.
 */
function isRegular(octets: Buffer, decoded: number): boolean {
  const lineBreak = octets.indexOf(LF);
  const breakLength = octets[lineBreak - 1] === CR ? 2 : 1;
  let end = octets.length;
  while (end > 0 && (octets[end - 1] === LF || octets[end - 1] === CR)) end--;
  const breaks = lineBreak === -1 ? 0 : Math.floor(end / (lineBreak + 1));
  const chars = end - breaks * breakLength;
  const padding = octets[end - 1] !== EQUALS ? 0 : octets[end - 2] === EQUALS ? 2 : 1;
  return chars % 4 === 0 && decoded === (chars / 4) * 3 - padding;
}

/** After `=` there must be two hexadecimal digits or the end of the line (RFC 2045 §6.7). */
export function quotedPrintableFaults(octets: Buffer): EncodingFault[] {
  for (let at = octets.indexOf(EQUALS); at !== -1; at = octets.indexOf(EQUALS, at + 1)) {
    if (!/^(?:[0-9A-Fa-f]{2}|[ \t]*(?:\r|\n|$))/.test(octets.toString('latin1', at + 1, at + 80)))
      return ['bad-escape'];
  }
  return [];
}
