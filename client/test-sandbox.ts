import type { SandboxOptions } from '../server/index.ts';
import { connect } from './node.ts';
import type { Sandbox } from './sandbox.ts';

export type { SandboxOptions };

/** The sandbox of the fixtures: the one that runs at `url`, or one in this process where there is no URL. */
export async function openSandbox(url: string | undefined, options: SandboxOptions = {}): Promise<Sandbox> {
  if (url) return connect(url, { timeout: options.timeout });
  const { startSandbox } = await loadServer();
  return startSandbox(options);
}

/** Takes longer than to start a sandbox, and whoever connects has no use for it. */
export function loadServer() {
  return import('../server/index.ts');
}

/** Such an address just fits into the column of a report. */
const NAME_CHARACTERS = 20;

/** How a test's address begins, so that a person who looks at the inbox knows whose mail it is. */
export function mailboxName(title: string): string {
  const words = title.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  return words.join('-').slice(0, NAME_CHARACTERS).replace(/-$/, '') || 'test';
}
