import type { Summary } from '../../wire/message.ts';
import type { Sandbox } from '../sandbox.ts';

/** Finds the current test's mail in a worker's sandbox: workers may share a sandbox, tests run one after another. */
export class TestMails {
  readonly #addresses = new Set<string>();
  #sandbox: Sandbox | null = null;
  #shared = false;
  #after = 0;

  /**
   * Returns the same sandbox, but records the addresses that it hands out.
   * @param shared whether others may use it too
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

  /** Called when a test begins. */
  async begin(): Promise<void> {
    this.#addresses.clear();
    if (this.#sandbox) this.#after = (await this.#sandbox.api.server()).seq;
  }

  /** The addresses that the test has been given. */
  get addresses(): readonly string[] {
    return [...this.#addresses];
  }

  /** Newest first, at most `limit`. @returns null if the worker has no sandbox */
  async list(limit: number): Promise<{ readonly sandbox: Sandbox; readonly messages: readonly Summary[] } | null> {
    const sandbox = this.#sandbox;
    if (sandbox === null) return null;
    const own = this.addresses.map((address) => `rcpt:"${address}"`).join(' OR ');
    // If a test has no address of its own, its mail can't be told from that of others.
    if (this.#shared && own === '') return { sandbox, messages: [] };
    return {
      sandbox,
      messages: (await sandbox.api.list(this.#shared ? own : '', { after: this.#after, limit })).messages,
    };
  }
}
