import { decodeLeaf } from './decode-leaf.ts';
import { base64Faults, type EncodingFault, quotedPrintableFaults } from './encoding-faults.ts';
import { IDENTITY, type Part } from './tree.ts';
import { decodeUuencoded } from './uuencode.ts';

/** A part with its transfer encoding decoded. */
export interface Leaf {
  readonly octets: Buffer;
  /** The file name from the encoding; only uuencode has one. */
  readonly filename: string | null;
  readonly faults: readonly (EncodingFault | 'bad-uuencode' | 'unknown-encoding')[];
}

export async function readLeaf(raw: Buffer, { bodyAt, end, header: { encoding } }: Part): Promise<Leaf> {
  const body = raw.subarray(bodyAt, end);
  const leaf = (octets: Buffer, ...faults: Leaf['faults']): Leaf => ({ octets, filename: null, faults });
  if (IDENTITY.has(encoding)) return leaf(body);
  if (encoding === 'base64') {
    const encoded = withoutFooter(body);
    const octets = await decodeLeaf('base64', encoded);
    return leaf(octets, ...(encoded === body ? base64Faults(body, octets) : ['base64-skipped' as const]));
  }
  if (encoding === 'quoted-printable') {
    const lines = withLineFeeds(body);
    return leaf(await decodeLeaf('quoted-printable', withShortBlanks(lines)), ...quotedPrintableFaults(lines));
  }
  if (!UUENCODE.test(encoding)) return leaf(body, 'unknown-encoding');
  const file = decodeUuencoded(body.toString('latin1'));
  if (file === null) return leaf(body, 'bad-uuencode');
  return { octets: file.octets, filename: file.filename, faults: file.wellFormed ? [] : ['bad-uuencode'] };
}

const UUENCODE = /^(?:x-)?uu(?:e|encode)?$/;

/**
 * Padding ends base64 (RFC 2045 §6.8); text that a mailing list added after it isn't base64. But some programs join
 * pieces that are padded individually.
 */
function withoutFooter(body: Buffer): Buffer {
  const padding = body.indexOf('=');
  if (padding === -1 || !/[^A-Za-z0-9+/=\s]/.test(body.toString('latin1', padding))) return body;
  return body.subarray(0, body[padding + 1] === body[padding] ? padding + 2 : padding + 1);
}

/**
 * mailparser takes quadratic time for a run of blanks that is not at the end of a line. So now and then a blank of a long
 * run is encoded, which means the same (RFC 2045 §6.7).
 */
function withShortBlanks(lines: Buffer): Buffer {
  const text = lines.toString('latin1');
  const broken = text.replace(/[\t ]{100,}/g, (run: string, at: number) =>
    /[^\r\n]/.test(text.charAt(at + run.length)) ? run.replace(/([\t ]{99})([\t ])/g, encodeBlank) : run,
  );
  return broken === text ? lines : Buffer.from(broken, 'latin1');
}

function encodeBlank(_: string, before: string, blank: string): string {
  return `${before}${blank === ' ' ? '=20' : '=09'}`;
}

/** In a mail without any LF, CR ends the lines; mailparser doesn't support that. */
function withLineFeeds(body: Buffer): Buffer {
  if (body.includes('\n') || !body.includes('\r')) return body;
  return Buffer.from(body.toString('latin1').replaceAll('\r', '\n'), 'latin1');
}
