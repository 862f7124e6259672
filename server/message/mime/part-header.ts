import { decodeText } from '../headers/encoded-word.ts';
import type { Field } from '../headers/header-block.ts';
import { oneLine } from './charset.ts';
import { type Parameter, parseParameters } from './parameters.ts';

/** What the header of a part says about its body (RFC 2045, 2183), decoded. */
export interface PartHeader {
  /** Lower case. Default when missing or unreadable: `text/plain`, or `message/rfc822` in a digest. */
  readonly contentType: string;
  readonly parameters: ReadonlyMap<string, Parameter>;
  /** Lower case; null when missing. */
  readonly disposition: string | null;
  /** From Content-Disposition, which says that the part is meant to be a file. */
  readonly dispositionName: string | null;
  /** From Content-Disposition, or else from Content-Type. */
  readonly filename: string | null;
  /** Content-Transfer-Encoding, lower case; `7bit` when missing (RFC 2045 §6.1). */
  readonly encoding: string;
  /** Without angle brackets. */
  readonly contentId: string | null;
  readonly description: string | null;
  readonly location: string | null;
  /** True when a field has too many parameters. */
  readonly cut: boolean;
  /** True when a parameter lacks a piece: the pieces after it are missing too. */
  readonly torn: boolean;
}

/**
 * If a field is repeated, the first counts.
 * @param damaged called for each value with octets that are invalid in its charset
 */
export function partHeader(fields: readonly Field[], defaultType: string, damaged?: () => void): PartHeader {
  const values = new Map<string, string>();
  for (const { name, value } of fields) {
    const key = name.toLowerCase();
    if (key.startsWith('content-') && !values.has(key)) values.set(key, value);
  }
  const decoded = (key: string) => {
    const value = values.get(key);
    return (value !== undefined && decodeText(value, undefined, damaged).trim()) || null;
  };
  const type = parseParameters(values.get('content-type') ?? '', damaged);
  const disposition = parseParameters(values.get('content-disposition') ?? '', damaged);
  const dispositionName = nameOf(disposition.parameters.get('filename'));
  return {
    // RFC 2045 §5.2: an unreadable type is text/plain.
    contentType: values.has('content-type')
      ? /^[^/]+\/[^/]+$/.test(type.value)
        ? type.value
        : 'text/plain'
      : defaultType,
    parameters: type.parameters,
    disposition: disposition.value || null,
    dispositionName,
    filename: dispositionName ?? nameOf(type.parameters.get('name')),
    encoding: parseParameters(values.get('content-transfer-encoding') ?? '').value.replaceAll('"', '') || '7bit',
    contentId: decoded('content-id')?.replace(/^<|>$/g, '').trim() || null,
    description: decoded('content-description'),
    location: decoded('content-location'),
    cut: type.cut || disposition.cut,
    torn: type.torn || disposition.torn,
  };
}

function nameOf(parameter: Parameter | undefined): string | null {
  return (parameter && oneLine(parameter.text).trim()) || null;
}
