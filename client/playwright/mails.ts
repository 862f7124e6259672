import type { Summary } from '../../wire/message.ts';
import type { Sandbox } from '../sandbox.ts';

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

  /** Newest first, at most `limit`. @returns null when the worker has no sandbox */
  async list(limit: number): Promise<{ readonly sandbox: Sandbox; readonly messages: readonly Summary[] } | null> {
    const sandbox = this.#sandbox;
    if (sandbox === null) return null;
    const own = this.addresses.map((address) => `rcpt:"${address}"`).join(' OR ');
    // Without an address of its own a test has no mail that can be told from that of others.
    if (this.#shared && own === '') return { sandbox, messages: [] };
    return {
      sandbox,
      messages: (await sandbox.api.list(this.#shared ? own : '', { after: this.#after, limit })).messages,
    };
  }
}
