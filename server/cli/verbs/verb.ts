import type { Readable } from 'node:stream';
import type { Api } from '../../../client/index.ts';
import type { FlagTable, Values } from '../../config/flag.ts';
import type { Output } from '../output/output.ts';

/** What a verb works with: a running Mailstop, and the terminal or pipes of the process. */
export interface Context {
  readonly api: Api;
  /** URL of that Mailstop. */
  readonly url: URL;
  /** For results. */
  readonly out: Output;
  /** For errors and for messages to the user along the way. */
  readonly err: Output;
  readonly stdin: Readable;
  readonly env: NodeJS.ProcessEnv;
  readonly now: () => Date;
}

/** A verb of the command, as defined in its own file. */
export interface VerbOf<F extends FlagTable> {
  /** Like `[query...]`. */
  readonly takes: string;
  /** What it does, for its help. */
  readonly about: string;
  readonly flags: F;
  /** Shell commands. */
  readonly examples: readonly string[];
  /** @returns the exit code */
  run(context: Context, flags: Values<F>, args: readonly string[]): Promise<number>;
}

/** A verb that parses its own arguments, because it stands in for a program that has its own syntax. */
export interface OwnVerb {
  readonly help: string;
  /** @returns the exit code */
  runOwn(context: Omit<Context, 'api' | 'url'>, args: readonly string[]): Promise<number>;
}

export type Verb = VerbOf<FlagTable> | OwnVerb;

/** Infers the types of the flags' values from the table. */
export function defineVerb<const F extends FlagTable>(verb: VerbOf<F>): VerbOf<F> {
  return verb;
}
