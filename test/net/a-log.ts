import type { Fields, Log } from '../../server/log.ts';

interface Entry {
  readonly level: keyof Log;
  readonly event: string;
  readonly fields: Fields;
}

/** A log that a test can wait for. */
export class TestLog implements Log {
  readonly entries: Entry[] = [];
  readonly #more = new EventTarget();

  info(event: string, fields?: Fields): void {
    this.#note('info', event, fields);
  }

  warn(event: string, fields?: Fields): void {
    this.#note('warn', event, fields);
  }

  error(event: string, fields?: Fields): void {
    this.#note('error', event, fields);
  }

  of(event: string): readonly Fields[] {
    return this.entries.filter((entry) => entry.event === event).map(({ fields }) => fields);
  }

  /** Resolves with the fields of the events of that name, when there are as many. */
  async heard(event: string, count: number): Promise<readonly Fields[]> {
    while (this.of(event).length < count)
      await new Promise((resolve) => this.#more.addEventListener('more', resolve, { once: true }));
    return this.of(event);
  }

  #note(level: keyof Log, event: string, fields: Fields = {}): void {
    this.entries.push({ level, event, fields });
    this.#more.dispatchEvent(new Event('more'));
  }
}
