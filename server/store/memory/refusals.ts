import type { Refused } from '../store.ts';

const REMEMBERED = 200;

/** The latest mails that SMTP refused, for the reports of failed waits. */
export class Refusals {
  readonly #latest: Refused[] = [];

  add(refused: Refused): void {
    this.#latest.push(refused);
    if (this.#latest.length > REMEMBERED) this.#latest.shift();
  }

  since(time: Date): readonly Refused[] {
    return this.#latest.filter((refused) => refused.time >= time);
  }
}
