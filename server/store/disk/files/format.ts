/*
 * Every kind of file that outlasts the process carries the version of its format, as the field `version` of a JSON
 * object: the file itself, each of its lines, or its first line. A file without one is of the first format.
 *
 * A version goes up when an older Mailstop would misread the file or lose what is in it. A field that may be ignored is
 * just added. A new kind of file in the folder raises the version of the state, which every folder has.
 */

/** The newest format of each kind of file that this Mailstop reads, which is the one it writes. */
export const FORMATS = { state: 1, record: 1, journal: 1, lock: 1 } as const;

/** A file that a newer Mailstop wrote. It isn't damaged, so nothing in its folder may be touched. */
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

/** Null for what isn't JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
