/** What a reader may change of a mail. */
export interface Marks {
  readonly read: boolean;
  readonly tags: readonly string[];
}

/** A mail as the model knows it. */
export interface Known {
  readonly id: string;
  readonly seq: number;
  readonly raw: Buffer;
  readonly to: readonly string[];
  /** All that it has ever been marked with, the latest last. */
  readonly marks: Marks[];
}

export function marksOf({ marks }: Known): Marks {
  return marks.at(-1) ?? { read: false, tags: [] };
}

/** What a mail server with a limit should hold: a list, and nothing clever. */
export class Model {
  readonly #limit: number;
  /** The oldest first. */
  mails: readonly Known[] = [];
  evicted = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(...mails: readonly Known[]): void {
    const all = [...this.mails, ...mails].sort((a, b) => a.seq - b.seq);
    this.evicted += Math.max(0, all.length - this.#limit);
    this.mails = all.slice(-this.#limit);
  }

  /** One of the mails; null when there is none. */
  at(number: number): Known | null {
    return this.mails[number % Math.max(1, this.mails.length)] ?? null;
  }

  of(recipient: string): readonly Known[] {
    return this.mails.filter(({ to }) => to.includes(recipient));
  }

  mark(mails: readonly Known[], change: Partial<Marks>): void {
    for (const known of mails) known.marks.push({ ...marksOf(known), ...change });
  }

  remove(mails: readonly Known[]): void {
    this.mails = this.mails.filter((known) => !mails.includes(known));
  }
}
