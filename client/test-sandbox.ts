import type { SandboxOptions } from '../server/index.ts';
import { connect } from './node.ts';
import type { Sandbox } from './sandbox.ts';

export type { SandboxOptions };

/** The sandbox for the fixtures: the Mailstop at `url`, or without a URL one in this process. */
export async function openSandbox(url: string | undefined, options: SandboxOptions = {}): Promise<Sandbox> {
  if (url) return connect(url, { timeout: options.timeout });
  const { startSandbox } = await loadServer();
  return startSandbox(options);
}

/** Loaded on demand: it takes longer than starting a sandbox, and `connect` does not need it. */
export function loadServer() {
  return import('../server/index.ts');
}

/** Longest name whose address fits into a report's column. */
const NAME_CHARACTERS = 20;

/** The address prefix of a test, so that people can see in the inbox whose mail it is. */
export function mailboxName(title: string): string {
  const words = title.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  return words.join('-').slice(0, NAME_CHARACTERS).replace(/-$/, '') || 'test';
}
