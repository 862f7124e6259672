import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Unfinished } from '../net/read-in-slices.ts';

/** Browsers send the next request when they have the answer to the last; few programs send some ahead. */
const MUCH = 100;

/** The requests of one connection that have no answer yet. Each takes memory, and one that waits for mail may wait long. */
export class Unanswered implements Unfinished {
  #count = 0;
  #closed = false;
  #told: (() => void)[] = [];

  constructor(socket: Socket) {
    socket.on('close', () => {
      this.#closed = true;
      this.#tell();
    });
  }

  get isMuch(): boolean {
    return this.#count >= MUCH && !this.#closed;
  }

  add(answer: ServerResponse): void {
    this.#count += 1;
    answer.on('close', () => {
      this.#count -= 1;
      this.#tell();
    });
  }

  less(): Promise<void> {
    return new Promise((resolve) => {
      this.#told.push(resolve);
      this.#tell();
    });
  }

  #tell(): void {
    if (!this.isMuch) for (const tell of this.#told.splice(0)) tell();
  }
}
