/*
 * The flags that a reader can set or clear on a mail. Storing, sending, changing, exporting and searching flags all use
 * this table; the inbox has a button for each flag.
 */

/** How a query names a flag: `is:pinned`. */
interface FlagWords {
  readonly on: string;
  /** Null if only `-is:pinned` works. */
  readonly off: string | null;
}

export const FLAGS = {
  read: { on: 'read', off: 'unread' },
  /** Limits never remove pinned mail. */
  pinned: { on: 'pinned', off: null },
  /** Its meaning is up to the team. */
  flagged: { on: 'flagged', off: null },
} as const satisfies Readonly<Record<string, FlagWords>>;

export type Flag = keyof typeof FLAGS;
export type Flags = Readonly<Record<Flag, boolean>>;

export const FLAG_NAMES = Object.keys(FLAGS) as readonly Flag[];

/** Builds a record with one value per flag. */
export function forEachFlag<T>(value: (flag: Flag) => T): Record<Flag, T> {
  // The table guarantees that every flag is there; the type of fromEntries cannot express it.
  return Object.fromEntries(FLAG_NAMES.map((flag) => [flag, value(flag)])) as Record<Flag, T>;
}

/** The flags of a new mail. */
export const NO_FLAGS: Flags = Object.freeze(forEachFlag(() => false));

export function flagsOf(mail: Flags): Flags {
  return forEachFlag((flag) => mail[flag]);
}

/** The flags that a change sets or clears. */
export function changedFlags(change: { readonly [F in Flag]?: boolean | undefined }): Partial<Flags> {
  return Object.fromEntries(FLAG_NAMES.flatMap((flag) => (change[flag] === undefined ? [] : [[flag, change[flag]]])));
}
