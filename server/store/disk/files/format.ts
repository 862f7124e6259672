/*
 * Every kind of persistent file has the version of its format, as the field `version` of a JSON object: the file
 * itself, each of its lines, or its first line. A file without one has the first format.
 *
 * Raise a version when an older Mailstop would misread the file or lose data in it. A field that may be ignored is just
 * added. A new kind of file in the folder raises the version of the state, which every folder has.
 */

/** The newest format that this Mailstop reads, per kind of file; it is also the one that it writes. */
export const FORMATS = { state: 1, record: 1, journal: 1, lock: 1 } as const;

/** A file written by a newer Mailstop. It isn't damaged, so its folder must stay untouched. */
export class NewerFormat extends Error {}

/**
 * @param value the parsed JSON that carries the version
 * @throws {NewerFormat} naming the file and both versions
 */
export function assertReadable(kind: keyof typeof FORMATS, value: unknown, file: string): void {
  const version = typeof value === 'object' && value !== null && 'version' in value ? value.version : null;
  if (typeof version !== 'number' || version <= FORMATS[kind]) return;
  throw new NewerFormat(
    `${file} was written by a newer Mailstop (format ${version}; this one reads up to ${FORMATS[kind]})`,
  );
}

/** Null if the text isn't JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
