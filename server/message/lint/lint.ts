import { MAX_WARNINGS, NO_WARNINGS, type Warning, type WarningCode, warning } from '../../../wire/warning.ts';
import { type Field, headerBlock } from '../headers/header-block.ts';
import type { Incoming } from '../message.ts';
import { everyPart } from '../mime/structure.ts';
import { mimeTree, type Part } from '../mime/tree.ts';
import { lintHeader, lintPartHeader } from './header.ts';
import { lintOctets } from './octets.ts';

/**
 * What is wrong with the octets of a mail, whatever its envelope. Linear in the mail's size, so it belongs in a worker.
 * Never throws.
 * @param root the parts of the mail
 * @param tooMany called when there are more warnings than are listed
 */
export function lint(raw: Buffer, root: Part = mimeTree(raw), tooMany?: () => void): readonly Warning[] {
  const block = headerBlock(raw);
  const octets = lintOctets(raw, block.bodyAt);
  const parts = [...everyPart(root)].flatMap((part) => lintPartHeader(raw, part));
  const found = [...lintHeader(raw, block), ...parts, ...octets, ...undeclared(block.fields, octets)];
  if (found.length > MAX_WARNINGS) tooMany?.();
  return found.length === 0 ? NO_WARNINGS : found.slice(0, MAX_WARNINGS);
}

/** 8-bit text in a single-part body that declares 7bit, or nothing, which means the same (RFC 2045 §6.1). */
function undeclared(fields: readonly Field[], octets: readonly Warning[]): Warning[] {
  if (!octets.some(({ code }) => code === '8bitmime-not-declared')) return [];
  const value = (wanted: string) => fields.find(({ name }) => name.toLowerCase() === wanted)?.value.toLowerCase() ?? '';
  if (/^(multipart|message)\//.test(value('content-type'))) return [];
  const encoding = value('content-transfer-encoding');
  if (/^(8bit|binary)\b/.test(encoding)) return [];
  const says = encoding === '' ? 'there is no Content-Transfer-Encoding' : `Content-Transfer-Encoding is ${encoding}`;
  return [warning('8bit-not-declared', `The body has octets above 127, but ${says} (RFC 2045 §6).`)];
}

/** Whether MAIL declared what would otherwise be wrong. Over HTTP, there is no MAIL to declare 8BITMIME with. */
const DECLARED: Partial<Record<WarningCode, (received: Pick<Incoming, 'envelope' | 'peer'>) => boolean>> = {
  '8bit-header': ({ envelope }) => envelope.from.parameters['SMTPUTF8'] !== undefined,
  '8bitmime-not-declared': ({ envelope, peer }) =>
    peer.protocol === 'HTTP' || String(envelope.from.parameters['BODY']).toUpperCase() === '8BITMIME',
};

/** Warnings of `lint` that do not apply, since the envelope declared them. */
export function declaredBy(received: Pick<Incoming, 'envelope' | 'peer'>): readonly WarningCode[] {
  return Object.entries(DECLARED).flatMap(([code, declares]) => (declares(received) ? [code as WarningCode] : []));
}

/** All warnings about a mail: those of its SMTP session, and those of `lint` that were not declared. */
export function warningsAbout(
  session: readonly Warning[],
  found: readonly Warning[],
  declared: readonly WarningCode[],
): readonly Warning[] {
  const kept = found.filter(({ code }) => !declared.includes(code));
  return kept.length === 0 ? session : [...session, ...kept];
}
