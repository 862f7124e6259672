import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Unfinished } from '../../net/read-in-slices.ts';

/** Browsers send the next request when they have the response to the last; few clients pipeline. */
const MUCH = 20;

/** The unanswered requests of one connection. Each takes memory, and one that waits for mail may take long. */
export class Unanswered implements Unfinished {
  readonly #answers = new Set<ServerResponse>();
  #closed = false;
  #told: (() => void)[] = [];

  constructor(socket: Socket) {
    socket.on('close', () => {
      this.#closed = true;
      this.#closeQueued();
      this.#tell();
    });
  }

  get isMuch(): boolean {
    return this.#answers.size >= MUCH && !this.#closed;
  }

  add(answer: ServerResponse): void {
    this.#answers.add(answer);
    answer.on('close', () => {
      this.#answers.delete(answer);
      this.#tell();
    });
  }

  less(): Promise<void> {
    return new Promise((resolve) => {
      this.#told.push(resolve);
      this.#tell();
    });
  }

  /**
   * When a connection closes, Node notifies only the response that is currently being sent. The queued ones would keep
   * waiting for mail, and keep the process alive, until their timeout.
   */
  #closeQueued(): void {
    for (const answer of this.#answers) if (answer.socket === null && !answer.closed) answer.destroy().emit('close');
  }

  #tell(): void {
    if (!this.isMuch) for (const tell of this.#told.splice(0)) tell();
  }
}
