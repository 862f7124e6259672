import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { isIP } from 'node:net';

export interface CertificateRequest {
  /** Host names and IP addresses of the server; at least one. */
  readonly hosts: readonly string[];
  /** The first second in which the certificate is valid. */
  readonly notBefore: Date;
  readonly days: number;
}

/**
 * Makes an EC P-256 key and a self-signed certificate for it (RFC 5280), in about a millisecond.
 *
 * It is not a CA: a client that trusts it trusts this server, but nothing that its key could sign. It has no keyUsage:
 * without keyCertSign some versions of OpenSSL do not recognize it as self-signed, and other libraries reject
 * keyCertSign on a certificate that is not a CA.
 * @returns both as PEM
 */
export function makeSelfSigned({ hosts, notBefore, days }: CertificateRequest): { key: string; cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const notAfter = new Date(notBefore.getTime() + days * 86_400_000);
  // Positive, 16 octets (RFC 5280 §4.1.2.2).
  const serial = randomBytes(16);
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40;

  const ecdsaWithSha256 = sequence(oid('1.2.840.10045.4.3.2'));
  const name = sequence(set(sequence(oid('2.5.4.3'), utf8(hosts[0] ?? 'localhost'))));
  const toBeSigned = sequence(
    explicit(0, integer(Buffer.from([2]))),
    integer(serial),
    ecdsaWithSha256,
    name,
    sequence(time(notBefore), time(notAfter)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    explicit(
      3,
      sequence(
        extension('2.5.29.19', 'critical', sequence()), // basicConstraints: no CA
        extension('2.5.29.37', 'optional', sequence(oid('1.3.6.1.5.5.7.3.1'))), // extKeyUsage: serverAuth
        extension('2.5.29.17', 'optional', sequence(...hosts.map(generalName))), // subjectAltName
      ),
    ),
  );
  const signature = sign('sha256', toBeSigned, privateKey);
  const certificate = sequence(toBeSigned, ecdsaWithSha256, der(0x03, Buffer.from([0]), signature));
  const base64 = certificate.toString('base64').replace(/(.{64})(?=.)/g, '$1\n');
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`,
  };
}

// The part of DER needed here (ITU-T X.690): tag, length, contents.

function der(tag: number, ...contents: readonly Buffer[]): Buffer {
  const body = Buffer.concat(contents);
  if (body.length < 0x80) return Buffer.concat([Buffer.from([tag, body.length]), body]);
  const length = Buffer.from(body.length.toString(16).padStart(body.length < 0x100 ? 2 : 4, '0'), 'hex');
  return Buffer.concat([Buffer.from([tag, 0x80 | length.length]), length, body]);
}

const sequence = (...items: readonly Buffer[]) => der(0x30, ...items);
const set = (...items: readonly Buffer[]) => der(0x31, ...items);
const integer = (octets: Buffer) => der(0x02, octets);
const utf8 = (text: string) => der(0x0c, Buffer.from(text));
const explicit = (tag: number, item: Buffer) => der(0xa0 | tag, item);

/** UTCTime, required until 2049 (RFC 5280 §4.1.2.5). */
const time = (date: Date) => der(0x17, Buffer.from(`${date.toISOString().replace(/\D/g, '').slice(2, 14)}Z`));

function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const octets = [first * 40 + second, ...rest].flatMap((arc) => {
    const groups = [arc & 0x7f];
    for (let more = arc >>> 7; more > 0; more >>>= 7) groups.unshift((more & 0x7f) | 0x80);
    return groups;
  });
  return der(0x06, Buffer.from(octets));
}

function extension(id: string, kind: 'critical' | 'optional', value: Buffer): Buffer {
  const critical = kind === 'critical' ? [der(0x01, Buffer.from([0xff]))] : [];
  return sequence(oid(id), ...critical, der(0x04, value));
}

/** A DNS name or an IP address (RFC 5280 §4.2.1.6). */
function generalName(host: string): Buffer {
  return isIP(host) === 0 ? der(0x82, Buffer.from(host)) : der(0x87, addressOctets(host));
}

function addressOctets(address: string): Buffer {
  if (isIP(address) === 4) return Buffer.from(address.split('.').map(Number));
  // The URL parser writes an IPv4 tail in hexadecimal and leaves at most one "::" (RFC 5952).
  const [head = '', tail] = new URL(`http://[${address}]/`).hostname.slice(1, -1).split('::');
  const words = (text: string) =>
    text
      .split(':')
      .filter(Boolean)
      .map((word) => word.padStart(4, '0'));
  const [before, after] = [words(head), words(tail ?? '')];
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0000');
  return Buffer.from([...before, ...zeros, ...after].join(''), 'hex');
}
