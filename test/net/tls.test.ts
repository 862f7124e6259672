import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, createServer } from 'node:tls';
import { describe, expect, test } from 'vitest';
import { loadTls, type TlsMaterial } from '../../server/net/tls.ts';

async function make(hostnames: readonly string[] = []): Promise<TlsMaterial> {
  const made = await loadTls({ mode: 'auto' }, hostnames, () => new Date('2026-01-02T03:04:05Z'));
  if (made === null) throw new Error('no certificate was made');
  return made;
}

test('off gives no certificate', async () => expect(await loadTls({ mode: 'off' })).toBeNull());

describe('a certificate that is made', () => {
  test('is for this machine and the names given', async () => {
    const { cert, fingerprint } = await make(['mail.x.test', 'bücher.test', '192.0.2.1', '2001:db8::a:1', 'localhost']);
    const certificate = new X509Certificate(cert);
    expect(certificate.subjectAltName?.split(', ')).toEqual([
      'DNS:localhost',
      'IP Address:127.0.0.1',
      'IP Address:0:0:0:0:0:0:0:1',
      'DNS:mail.x.test',
      'DNS:xn--bcher-kva.test',
      'IP Address:192.0.2.1',
      'IP Address:2001:DB8:0:0:0:0:A:1',
    ]);
    for (const name of ['localhost', 'mail.x.test']) expect(certificate.checkHost(name)).toBe(name);
    for (const address of ['127.0.0.1', '::1', '2001:db8::a:1']) expect(certificate.checkIP(address)).toBe(address);
    expect(certificate.checkHost('y.test')).toBeUndefined();
    expect(certificate.fingerprint256).toBe(fingerprint);
  });

  test('is self-signed, not a CA, with an EC key', async () => {
    const certificate = new X509Certificate((await make()).cert);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.checkIssued(certificate)).toBe(true);
    expect(certificate.ca).toBe(false);
    expect(certificate.publicKey.asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' });
    expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
    expect(certificate.subject).toBe('CN=localhost');
  });

  test('is valid from the day before, for 397 days', async () => {
    const { validFrom, validTo } = new X509Certificate((await make()).cert);
    expect([validFrom, validTo]).toEqual(['Jan  1 03:04:05 2026 GMT', 'Feb  2 03:04:05 2027 GMT']);
  });

  test('is different each time', async () => {
    const serials = (await Promise.all(Array.from({ length: 20 }, () => make()))).map(
      ({ cert }) => new X509Certificate(cert).serialNumber,
    );
    expect(new Set(serials).size).toBe(20);
    for (const serial of serials) expect(serial).toMatch(/^[4-7][0-9A-F]{31}$/);
  });

  test('is trusted by a client that has it', async () => {
    const made = await loadTls({ mode: 'auto' });
    if (made === null) throw new Error('no certificate was made');
    const server = createServer({ key: made.key, cert: made.cert }, (socket) => socket.end());
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('not bound');
    for (const host of ['127.0.0.1', 'localhost']) {
      const socket = connect({
        host: '127.0.0.1',
        port: address.port,
        servername: host === 'localhost' ? host : '',
        ca: made.cert,
      });
      await once(socket, 'secureConnect');
      expect(socket.authorized).toBe(true);
      socket.destroy();
    }
    server.close();
  });
});

describe('files', () => {
  test('a key and its certificate', async () => {
    const made = await make();
    await using files = await inFolder({ 'cert.pem': made.cert, 'key.pem': made.key });
    expect(await loadTls({ mode: 'files', cert: files.path('cert.pem'), key: files.path('key.pem') })).toEqual(made);
  });

  test('a key that belongs to another certificate', async () => {
    const [one, other] = [await make(), await make()];
    await using files = await inFolder({ 'cert.pem': one.cert, 'key.pem': other.key });
    await expect(
      loadTls({ mode: 'files', cert: files.path('cert.pem'), key: files.path('key.pem') }),
    ).rejects.toMatchObject({
      code: 'bad-config',
      message: `the TLS key ${files.path('key.pem')} does not belong to the certificate ${files.path('cert.pem')}`,
    });
  });

  test('a missing or wrong file is named', async () => {
    const { cert, key } = await make();
    await using files = await inFolder({ 'cert.pem': cert, 'key.pem': key, 'other.txt': 'hello' });
    const load = (certFile: string, keyFile: string) =>
      loadTls({ mode: 'files', cert: files.path(certFile), key: files.path(keyFile) });
    await expect(load('none.pem', 'key.pem')).rejects.toThrow(
      /^the TLS certificate .*none\.pem cannot be read: no such file or folder \(ENOENT/,
    );
    await expect(load('cert.pem', 'none.pem')).rejects.toThrow(
      /^the TLS key .*none\.pem cannot be read: no such file or folder \(ENOENT/,
    );
    await expect(load('other.txt', 'key.pem')).rejects.toThrow(/^the TLS certificate .*other\.txt is not PEM/);
    await expect(load('cert.pem', 'other.txt')).rejects.toThrow(/^the TLS key .*other\.txt is not PEM/);
    await expect(load('key.pem', 'cert.pem')).rejects.toMatchObject({ code: 'bad-config' });
  });
});

async function inFolder(contents: Readonly<Record<string, string>>) {
  const folder = await mkdtemp(join(tmpdir(), 'mailstop-tls-'));
  for (const [name, text] of Object.entries(contents)) await writeFile(join(folder, name), text);
  return {
    path: (name: string) => join(folder, name),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}
