/** What a reader may change of a mail. */
export interface Marks {
  readonly read: boolean;
  readonly tags: readonly string[];
  /** The recipients who have deleted it over POP3, sorted. */
  readonly deletedBy: readonly string[];
}

export const UNMARKED: Marks = { read: false, tags: [], deletedBy: [] };

/** A mail as the model knows it. */
export interface Known {
  readonly id: string;
  readonly seq: number;
  readonly raw: Buffer;
  readonly to: readonly string[];
  /** All marks that it ever had, latest last. */
  readonly marks: Marks[];
}

export function marksOf({ marks }: Known): Marks {
  return marks.at(-1) ?? UNMARKED;
}

/** Those who have not deleted it. */
export function recipientsOf(known: Known): readonly string[] {
  return known.to.filter((recipient) => !marksOf(known).deletedBy.includes(recipient));
}

/** The contents that a mail server with a limit should have: just a list. */
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
    return this.mails.filter((known) => recipientsOf(known).includes(recipient));
  }

  mark(mails: readonly Known[], change: Partial<Marks>): void {
    for (const known of mails) known.marks.push({ ...marksOf(known), ...change });
  }

  /** Removes mails from one recipient's mailbox; without other recipients, a mail is gone. */
  removeFrom(recipient: string, mails: readonly Known[]): void {
    for (const known of mails) {
      if (recipientsOf(known).length === 1) this.remove([known]);
      else this.mark([known], { deletedBy: [...marksOf(known).deletedBy, recipient].sort() });
    }
  }

  remove(mails: readonly Known[]): void {
    this.mails = this.mails.filter((known) => !mails.includes(known));
  }
}
