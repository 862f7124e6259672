import { type AttachmentStream, MailParser, type MailParserOptions, type MessageText } from 'mailparser';

/** Turns off everything that converts content to text or links. */
const OPTIONS: MailParserOptions = {
  skipHtmlToText: true,
  skipTextToHtml: true,
  skipTextLinks: true,
  skipImageLinks: true,
  keepCidLinks: true,
  // mailparser computes a checksum of each attachment. Nobody reads it; this is the cheapest.
  checksumAlgo: 'sha1',
};

/** In octets. Larger pieces make mailparser slower. */
const PIECE = 65_536;

export type DecodedByMailparser = 'base64' | 'quoted-printable';

/**
 * Decodes a transfer encoding (RFC 2045 §6). Passes mailparser one leaf at a time, as an attachment, and uses only its
 * documented interface. Broken encoding is skipped or kept as is.
 */
export function decodeLeaf(encoding: DecodedByMailparser, octets: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const parser = new MailParser(OPTIONS);
    const chunks: Buffer[] = [];
    parser.on('data', (data: AttachmentStream | MessageText) => {
      if (data.type !== 'attachment') return;
      data.content.on('data', (chunk: Buffer) => chunks.push(chunk));
      data.content.on('end', () => data.release());
    });
    parser.on('end', () => resolve(Buffer.concat(chunks)));
    parser.on('error', reject);
    parser.write(`Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n`);
    for (let at = 0; at < octets.length; at += PIECE) parser.write(octets.subarray(at, at + PIECE));
    parser.end();
  });
}
