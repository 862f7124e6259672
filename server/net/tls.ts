import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import { MailstopError, reasonOf } from '../../wire/errors.ts';
import { makeSelfSigned } from './certificate.ts';

export type TlsSetting =
  | { readonly mode: 'off' }
  /** Our own certificate, made at the start. */
  | { readonly mode: 'auto' }
  /** PEM files; the certificate may be followed by its issuers' certificates. */
  | { readonly mode: 'files'; readonly cert: string; readonly key: string };

/** A certificate with its private key, both PEM. */
export interface TlsMaterial {
  readonly key: string;
  readonly cert: string;
  /** SHA-256 of the certificate, in hexadecimal with colons. */
  readonly fingerprint: string;
}

const DAY = 86_400_000;
/** Apple's clients reject a certificate that is valid for longer, even if they are told to trust it. */
const DAYS_VALID = 397;

/**
 * @param hostnames names and addresses for our own certificate, in addition to loopback
 * @param now start of validity of our own certificate, minus a day for clocks that are behind
 * @returns null if TLS is off
 * @throws {MailstopError} `bad-config`, naming the file and what is wrong with it
 */
export async function loadTls(
  setting: TlsSetting,
  hostnames: readonly string[] = [],
  now: () => Date = () => new Date(),
): Promise<TlsMaterial | null> {
  if (setting.mode === 'off') return null;
  if (setting.mode === 'auto') return makeCertificate(hostnames, now());
  const [cert, key] = await Promise.all([readPem('certificate', setting.cert), readPem('key', setting.key)]);
  const certificate = parse('certificate', setting.cert, () => new X509Certificate(cert));
  const privateKey = parse('key', setting.key, () => createPrivateKey(key));
  if (!certificate.checkPrivateKey(privateKey))
    throw new MailstopError(
      'bad-config',
      `the TLS key ${setting.key} does not belong to the certificate ${setting.cert}`,
    );
  return { key, cert, fingerprint: certificate.fingerprint256 };
}

function makeCertificate(hostnames: readonly string[], now: Date): TlsMaterial {
  const names = hostnames.map((name) => (isIP(name) === 0 ? domainToASCII(name) : name)).filter(Boolean);
  const { key, cert } = makeSelfSigned({
    hosts: [...new Set(['localhost', '127.0.0.1', '::1', ...names])],
    notBefore: new Date(now.getTime() - DAY),
    days: DAYS_VALID,
  });
  return { key, cert, fingerprint: new X509Certificate(cert).fingerprint256 };
}

async function readPem(what: string, file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new MailstopError('bad-config', `the TLS ${what} ${file} cannot be read: ${reasonOf(error)}`, {
      cause: error,
    });
  }
}

function parse<T>(what: string, file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const reason = `the TLS ${what} ${file} is not PEM that can be used: ${reasonOf(error)}`;
    throw new MailstopError('bad-config', reason, { cause: error });
  }
}
