import { parentPort } from 'node:worker_threads';
import { move, transferableSymbol, valueSymbol } from 'piscina';
import { parseContent } from '../message/content.ts';
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
  if (!owned.some(({ buffer }) => buffer === raw.buffer)) letGo(raw);
  return move({
    [transferableSymbol]: owned.map(({ buffer }) => buffer),
    [valueSymbol]: { content, parts: owned } satisfies ParseResult,
  });
}

/**
 * Frees the octets of a mail that has been parsed: the collector of this thread, which sees only small objects of it,
 * would leave hundreds of mails in memory. What is moved is a new object, and those are collected soon.
 */
function letGo({ buffer }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer) structuredClone(buffer, { transfer: [buffer] });
}

/** Small Buffers share their memory with others, which then could not be moved any more. */
function inOwnMemory(octets: Buffer): Uint8Array {
  return octets.byteLength === octets.buffer.byteLength ? octets : new Uint8Array(octets);
}
