import type { Readable } from 'node:stream';
import type { Api } from '../../../client/index.ts';
import type { FlagTable, Values } from '../../config/flag.ts';
import type { Output } from '../output/output.ts';

/** What a verb works with: a running Mailstop, and the terminal or the pipes that it was started with. */
export interface Context {
  readonly api: Api;
  /** Where that Mailstop is. */
  readonly url: URL;
  /** For results. */
  readonly out: Output;
  /** For what went wrong, and for what a person is told on the way. */
  readonly err: Output;
  readonly stdin: Readable;
  readonly env: NodeJS.ProcessEnv;
  readonly now: () => Date;
}

/** A verb of the command, as its file defines it. */
export interface VerbOf<F extends FlagTable> {
  /** Like `[query...]`. */
  readonly takes: string;
  /** What it does, for its own help. */
  readonly about: string;
  readonly flags: F;
  /** Lines of a shell. */
  readonly examples: readonly string[];
  /** @returns the exit code */
  run(context: Context, flags: Values<F>, args: readonly string[]): Promise<number>;
}

/** A verb whose arguments are read by itself: it stands in for a program that has its own. */
export interface OwnVerb {
  readonly help: string;
  /** @returns the exit code */
  runOwn(context: Omit<Context, 'api' | 'url'>, args: readonly string[]): Promise<number>;
}

export type Verb = VerbOf<FlagTable> | OwnVerb;

/** Lets the types of the flags' values follow from the table. */
export function defineVerb<const F extends FlagTable>(verb: VerbOf<F>): VerbOf<F> {
  return verb;
}
