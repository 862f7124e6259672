import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { Frame } from '../../wire/frame.ts';
import type { Listing, Summary } from '../../wire/message.ts';

/** Where a reader of the feed was when it left. */
interface Left {
  readonly epoch: string;
  readonly seq: number;
}

/**
 * An inbox that only knows what the feed sends, like that of a browser: it loads the list once, then applies frames. It
 * fails at the first missing or repeated frame.
 */
export class Mirror {
  readonly #load: () => Promise<Listing>;
  #socket: WebSocket | null = null;
  #mails = new Map<string, Summary>();
  #left: Left | null = null;
  #epoch = '';
  #seq = 0;
  /** Frames that arrived while the list was loading. */
  #held: Exclude<Frame, { type: 'hello' }>[] | null = null;
  #failure: Error | null = null;
  readonly #changed = new EventTarget();

  constructor(load: () => Promise<Listing>) {
    this.#load = load;
  }

  get watching(): boolean {
    return this.#socket !== null;
  }

  /** The oldest first. */
  get mails(): readonly Summary[] {
    return [...this.#mails.values()].sort((a, b) => a.seq - b.seq);
  }

  /** @returns whether it resumed at the same run of the server and got all missed events */
  async open(url: string): Promise<boolean> {
    const left = this.#left;
    const resume = left === null ? '' : `?after=${left.seq}&epoch=${left.epoch}`;
    const socket = new WebSocket(`${url.replace('http', 'ws')}/api/feed${resume}`);
    this.#socket = socket;
    this.#held = [];
    let hello: Extract<Frame, { type: 'hello' }> | null = null;
    socket.on('message', (text) => {
      const frame: Frame = JSON.parse(String(text));
      if (frame.type === 'hello') hello = frame;
      else this.#take(frame);
      this.#changed.dispatchEvent(new Event('change'));
    });
    socket.on('error', (error) => this.#fail(error));
    while (hello === null) await this.#change();
    const { epoch, seq, resumed }: Extract<Frame, { type: 'hello' }> = hello;
    if (!resumed) {
      const { messages, seq: listed } = await this.#load();
      this.#mails = new Map(messages.map((message) => [message.id, message]));
      this.#seq = listed;
    } else if (seq !== left?.seq) {
      throw new Error(`the feed resumes behind ${seq}, asked for was ${left?.seq}`);
    }
    this.#epoch = epoch;
    const held = this.#held;
    this.#held = null;
    // Frames from before the list are already contained in it.
    for (const frame of held) if (resumed || frame.seq > this.#seq) this.#take(frame);
    return resumed;
  }

  close(): void {
    if (this.#socket === null) return;
    this.#left = { epoch: this.#epoch, seq: this.#seq };
    this.#socket.removeAllListeners();
    this.#socket.on('error', () => {});
    this.#socket.terminate();
    this.#socket = null;
  }

  /** Resolves when it knows of everything up to this change. */
  async reached(seq: number): Promise<void> {
    while (this.#seq < seq) await this.#change();
    if (this.#failure) throw this.#failure;
  }

  async #change(): Promise<void> {
    if (this.#failure) throw this.#failure;
    await once(this.#changed, 'change');
    if (this.#failure) throw this.#failure;
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#changed.dispatchEvent(new Event('change'));
  }

  #take(frame: Exclude<Frame, { type: 'hello' }>): void {
    if (this.#held) return void this.#held.push(frame);
    if (frame.seq !== this.#seq + 1) {
      return this.#fail(new Error(`behind frame ${this.#seq} came ${JSON.stringify(frame)}`));
    }
    this.#seq = frame.seq;
    switch (frame.type) {
      case 'added':
        return void this.#mails.set(frame.message.id, frame.message);
      case 'updated': {
        // JSON has no undefined: what is absent is not there.
        const change = frame.change as Partial<Summary>;
        for (const id of frame.ids) {
          const mail = this.#mails.get(id);
          if (mail) this.#mails.set(id, { ...mail, ...change });
        }
        return;
      }
      case 'removed':
        for (const id of frame.ids) {
          if (!this.#mails.delete(id)) this.#fail(new Error(`removed was ${id}, which was not there`));
        }
        return;
      case 'cleared':
        this.#mails.clear();
    }
  }
}
