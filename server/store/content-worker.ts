import { parentPort } from 'node:worker_threads';
import { move, transferableSymbol, valueSymbol } from 'piscina';
import { parseContent } from '../message/content.ts';
import { type Digest, digestOf } from '../message/digest.ts';
import type { Content } from '../message/message.ts';

/** What a parser thread is given, and what it says and gives back. */
export interface ParseTask {
  readonly ticket: number;
  readonly raw: Uint8Array;
}

/** Sent when the work on a task begins: its deadline counts from here. */
export interface Started {
  readonly started: number;
}

export interface ParseResult {
  readonly content: Content;
  readonly parts: readonly Uint8Array[];
}

/** The entry of a parser thread. The octets of the parts are moved out of the thread, not copied. */
export async function parse({ ticket, raw }: ParseTask): Promise<unknown> {
  parentPort?.postMessage({ started: ticket } satisfies Started);
  const { content, parts } = await parseContent(Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength));
  const owned = parts.map(inOwnMemory);
  return move({
    [transferableSymbol]: owned.map(({ buffer }) => buffer),
    [valueSymbol]: { content, parts: owned } satisfies ParseResult,
  });
}

/** The other entry, for mail that nobody reads yet: most of the work on the main thread would be to receive all of it. */
export async function digest({ ticket, raw }: ParseTask): Promise<Digest> {
  parentPort?.postMessage({ started: ticket } satisfies Started);
  const { content } = await parseContent(Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength));
  return digestOf(content);
}

/** Small Buffers share their memory with others, which then could not be moved any more. */
function inOwnMemory(octets: Buffer): Uint8Array {
  return octets.byteLength === octets.buffer.byteLength ? octets : new Uint8Array(octets);
}
