/** One event in the life of the server: a short name and its facts. */
export type Fields = Readonly<Record<string, unknown>>;

/** Where events go. Fields may hold text of a mail or a client: whoever writes them out escapes what could act on a terminal. */
export interface Log {
  info(event: string, fields?: Fields): void;
  warn(event: string, fields?: Fields): void;
  error(event: string, fields?: Fields): void;
}

export const silent: Log = { info() {}, warn() {}, error() {} };
