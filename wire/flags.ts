/*
 * What a reader can set on a mail, on or off. Everything that stores, sends, changes, exports or searches flags goes by
 * this table; the inbox has a button for each.
 */

/** How a query names a flag: `is:pinned`. */
interface FlagWords {
  readonly on: string;
  /** Null if only `-is:pinned` says it. */
  readonly off: string | null;
}

export const FLAGS = {
  read: { on: 'read', off: 'unread' },
  /** The limits leave it alone. */
  pinned: { on: 'pinned', off: null },
  /** For whatever the team means by it. */
  flagged: { on: 'flagged', off: null },
} as const satisfies Readonly<Record<string, FlagWords>>;

export type Flag = keyof typeof FLAGS;
export type Flags = Readonly<Record<Flag, boolean>>;

export const FLAG_NAMES = Object.keys(FLAGS) as readonly Flag[];

/** The same for each flag. */
export function forEachFlag<T>(value: (flag: Flag) => T): Record<Flag, T> {
  // That every flag is there is known by the table; fromEntries can't say it.
  return Object.fromEntries(FLAG_NAMES.map((flag) => [flag, value(flag)])) as Record<Flag, T>;
}

/** Those of a new mail. */
export const NO_FLAGS: Flags = Object.freeze(forEachFlag(() => false));

export function flagsOf(mail: Flags): Flags {
  return forEachFlag((flag) => mail[flag]);
}

/** Those that a change names. */
export function changedFlags(change: { readonly [F in Flag]?: boolean | undefined }): Partial<Flags> {
  return Object.fromEntries(FLAG_NAMES.flatMap((flag) => (change[flag] === undefined ? [] : [[flag, change[flag]]])));
}
