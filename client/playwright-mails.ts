import type { Listing } from '../server/http/wire.ts';
import type { Sandbox } from './sandbox.ts';

/** More than so many mails are counted only. */
const MAX_ATTACHED = 50;

/** Which mail of a worker's sandbox belongs to the test that runs: workers may share one, tests follow each other. */
export class TestMails {
  readonly #addresses = new Set<string>();
  #sandbox: Sandbox | null = null;
  #shared = false;
  #after = 0;

  /**
   * The same sandbox, but the addresses that it hands out are noted.
   * @param shared whether others may use it, too
   */
  async watch(sandbox: Sandbox, shared: boolean): Promise<Sandbox> {
    this.#sandbox = sandbox;
    this.#shared = shared;
    await this.begin();
    return {
      ...sandbox,
      mailbox: (name) => {
        const mailbox = sandbox.mailbox(name);
        this.#addresses.add(mailbox.address);
        return mailbox;
      },
    };
  }

  /** A test begins. */
  async begin(): Promise<void> {
    this.#addresses.clear();
    if (this.#sandbox) this.#after = (await this.#sandbox.api.server()).seq;
  }

  /** That the test has been given. */
  get addresses(): readonly string[] {
    return [...this.#addresses];
  }

  /** Null when the worker has no sandbox; newest first. */
  async list(): Promise<{ readonly sandbox: Sandbox; readonly listing: Pick<Listing, 'messages' | 'matched'> } | null> {
    const sandbox = this.#sandbox;
    if (sandbox === null) return null;
    if (!this.#shared) return { sandbox, listing: await this.#listed(sandbox, '') };
    if (this.#addresses.size === 0) return { sandbox, listing: { messages: [], matched: 0 } };
    const own = this.addresses.map((address) => `rcpt:"${address}"`).join(' OR ');
    return { sandbox, listing: await this.#listed(sandbox, own) };
  }

  #listed(sandbox: Sandbox, query: string): Promise<Listing> {
    return sandbox.api.list(query, { after: this.#after, limit: MAX_ATTACHED });
  }
}
