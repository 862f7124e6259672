import { readHeaders } from '../summary.ts';
import type { PartHeader } from './part-header.ts';
import { isMail } from './tree.ts';

/** Names for files without one, by type. */
const NAMES: Readonly<Record<string, string>> = {
  'text/calendar': 'invite.ics',
  'application/ics': 'invite.ics',
  'text/vcard': 'contact.vcf',
  'text/x-vcard': 'contact.vcf',
  'text/directory': 'contact.vcf',
  'text/plain': 'text.txt',
  'text/html': 'page.html',
  'text/csv': 'data.csv',
  'text/xml': 'data.xml',
  'application/xml': 'data.xml',
  'application/json': 'data.json',
  'application/pdf': 'document.pdf',
  'application/zip': 'archive.zip',
  'application/gzip': 'archive.gz',
  'application/pkcs7-signature': 'smime.p7s',
  'application/x-pkcs7-signature': 'smime.p7s',
  'application/pkcs7-mime': 'smime.p7m',
  'application/x-pkcs7-mime': 'smime.p7m',
  'application/pgp-signature': 'signature.asc',
  'application/pgp-keys': 'key.asc',
  'text/rfc822-headers': 'headers.txt',
  'image/png': 'image.png',
  'image/jpeg': 'image.jpg',
  'image/gif': 'image.gif',
  'image/webp': 'image.webp',
  'image/avif': 'image.avif',
  'image/svg+xml': 'image.svg',
  'image/bmp': 'image.bmp',
  'image/tiff': 'image.tif',
  'image/x-icon': 'image.ico',
  'audio/mpeg': 'audio.mp3',
  'audio/wav': 'audio.wav',
  'video/mp4': 'video.mp4',
};

/**
 * A file's name as the sender wrote it, including any path. Otherwise the best guess: a mail's subject, a description
 * or URL that ends like a file name, or a name for its type. Null when there is none.
 */
export function nameOf(header: PartHeader, octets: Buffer): string | null {
  const { filename, contentType, description, location } = header;
  if (filename !== null) return filename;
  if (isMail(header)) return `${readHeaders(octets).subject || 'message'}.eml`;
  return fileName(description) ?? fileName(lastSegment(location)) ?? NAMES[contentType] ?? null;
}

/** The text, if it looks like a file name with an extension. */
function fileName(text: string | null): string | null {
  return text !== null && text.length <= 255 && /^[^/\\:*?"<>|]*[^/\\:*?"<>|.\s]\.[a-z0-9]{2,5}$/i.test(text)
    ? text
    : null;
}

function lastSegment(url: string | null): string | null {
  if (url === null || url.length > 2000) return null;
  const path = url.replace(/[?#].*$/s, '');
  // A host isn't a file.
  return path.includes('/') && !/^[a-z]+:\/\/[^/]*$/i.test(path) ? path.slice(path.lastIndexOf('/') + 1) : null;
}
