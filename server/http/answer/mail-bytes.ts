import type { Response } from 'express';
import type { Slices } from '../../slices.ts';
import { piecesOf, sendPieces } from './send-pieces.ts';

/** Images that browsers decode but never run, recognized by their first bytes, not by the declared type. */
const PICTURES: ReadonlyArray<{ readonly type: string; readonly is: (bytes: Buffer) => boolean }> = [
  { type: 'image/png', is: (bytes) => bytes.subarray(0, 8).equals(Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')) },
  { type: 'image/jpeg', is: (bytes) => bytes.subarray(0, 3).equals(Buffer.from('\xff\xd8\xff', 'latin1')) },
  { type: 'image/gif', is: (bytes) => /^GIF8[79]a/.test(bytes.toString('latin1', 0, 6)) },
  { type: 'image/webp', is: (bytes) => /^RIFF.{4}WEBP/s.test(bytes.toString('latin1', 0, 12)) },
  { type: 'image/avif', is: (bytes) => /^.{4}ftypavi[fs]/s.test(bytes.toString('latin1', 0, 12)) },
];

export const PICTURE_TYPES: readonly string[] = PICTURES.map(({ type }) => type);

/** The type with which our own origin may show these bytes; null if they may only be downloaded. */
export function pictureType(bytes: Buffer): string | null {
  return PICTURES.find(({ is }) => is(bytes))?.type ?? null;
}

/**
 * A Content-Disposition that makes a browser save instead of show (RFC 6266). The name is cleaned of anything that
 * could leave the download folder, break the header or fake an extension; old clients get an ASCII form of it.
 */
export function attachmentDisposition(filename: string): string {
  const clean = cleanFilename(filename);
  const ascii = clean.replaceAll(/[^\x20-\x7e]|["\\%]/g, '_');
  const encoded = encodeURIComponent(clean).replaceAll(
    /['()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}

export function cleanFilename(filename: string): string {
  const clean = filename
    // Control characters, lone surrogates, and invisible characters that reorder or hide text: "gpj.exe" must not read
    // as "exe.jpg".
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Surrogate}]/gu, '')
    .replaceAll(/[/\\:*?"<>|]/g, '_')
    .replace(/^[.\s]+/, '')
    .trim();
  return shortened(clean) || 'unnamed';
}

/** Longest name, in octets. File systems allow 255; the rest is for a suffix that makes duplicate names unique. */
const MAX_NAME = 200;

/** Shortens a long name, but keeps its extension. */
function shortened(name: string): string {
  const octets = Buffer.from(name);
  if (octets.length <= MAX_NAME) return name;
  const [ending = ''] = /\.[A-Za-z0-9]{1,16}$/.exec(name) ?? [];
  // With `stream`, the decoder leaves out a character that is cut in two.
  const start = new TextDecoder().decode(octets.subarray(0, MAX_NAME - ending.length), { stream: true });
  return `${start.trimEnd()}${ending}`;
}

/** The headers of a download. */
export function downloadHeaders(type: string, filename: string): Readonly<Record<string, string>> {
  return { 'Content-Type': type, 'Content-Disposition': attachmentDisposition(filename) };
}

/** Sends a text as a download. */
export async function sendDownload(
  res: Response,
  type: string,
  filename: string,
  text: string,
  slices: Slices,
): Promise<void> {
  res.set(downloadHeaders(type, filename));
  await sendPieces(res, piecesOf(text), slices);
}
