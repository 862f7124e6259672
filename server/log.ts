/** The facts of an event. */
export type Fields = Readonly<Record<string, unknown>>;

/** Where events go. Fields may contain text from a mail or a client; the writer must escape it for terminals. */
export interface Log {
  info(event: string, fields?: Fields): void;
  warn(event: string, fields?: Fields): void;
  error(event: string, fields?: Fields): void;
}

export const silent: Log = { info() {}, warn() {}, error() {} };

interface Repeated {
  count: number;
  /** The latest event that was only counted. */
  untold: Fields | null;
}

/** Equal events are counted for this long, in milliseconds. */
const WITHIN_MS = 10_000;

/** A log for frequent events: logs the first of equal events, and the rest as a count (`more`). */
export class Repeats implements Disposable {
  readonly #log: Log;
  readonly #most: number;
  readonly #seen = new Map<string, Repeated & { readonly tell: (fields: Fields) => void }>();
  #timer: NodeJS.Timeout | null = null;

  /** @param most how many equal events are logged one by one within ten seconds */
  constructor(log: Log, most = 1) {
    this.#log = log;
    this.#most = most;
  }

  /** @param kind events with the same name and kind count as equal */
  add(level: 'info' | 'warn' | 'error', event: string, kind: string, fields: Fields): void {
    const key = `${event}\n${kind}`;
    const tell = (told: Fields) => this.#log[level](event, told);
    const repeated = this.#seen.get(key) ?? { count: 0, untold: null, tell };
    this.#seen.set(key, repeated);
    this.#timer ??= setTimeout(() => this.#sumUp(), WITHIN_MS).unref();
    repeated.count += 1;
    if (repeated.count <= this.#most) tell(fields);
    else repeated.untold = fields;
  }

  /** Logs what has only been counted so far. */
  [Symbol.dispose](): void {
    this.#sumUp();
  }

  #sumUp(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    for (const { count, untold, tell } of this.#seen.values())
      if (untold) tell({ ...untold, more: count - this.#most });
    this.#seen.clear();
  }
}
