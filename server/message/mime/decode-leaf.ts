import { type AttachmentStream, MailParser, type MailParserOptions, type MessageText } from 'mailparser';

/** Everything is off that makes texts and links of what a leaf holds. */
const OPTIONS: MailParserOptions = {
  skipHtmlToText: true,
  skipTextToHtml: true,
  skipTextLinks: true,
  skipImageLinks: true,
  keepCidLinks: true,
  // mailparser makes a checksum of each attachment. Nobody reads it; this is the cheapest.
  checksumAlgo: 'sha1',
};

/** Larger pieces make mailparser slower. In octets. */
const PIECE = 65_536;

export type DecodedByMailparser = 'base64' | 'quoted-printable';

/**
 * Undoes a transfer encoding (RFC 2045 §6). mailparser gets one leaf at a time, as an attachment, and only its
 * documented interface is used. What is broken in the encoding is skipped or kept as it is.
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
