import type { Response } from 'express';
import type { Slices } from '../../slices.ts';
import { piecesOf, sendPieces } from './send-pieces.ts';

/** Values up to this many chars are serialized in one go. */
const SHORT = 65_536;
/** Counted for each value, in addition to its chars. */
const EACH = 8;

/**
 * Sends JSON that may be long. It is serialized in pieces, so that other requests get their turn in between.
 * @param value its lists may be any iterables; their items are produced lazily
 */
export function sendJson(res: Response, value: object, slices: Slices, type = 'application/json'): Promise<void> {
  res.type(`${type}; charset=utf-8`);
  return sendPieces(res, jsonPieces(value), slices);
}

/** The JSON text of a value, in pieces. */
export function* jsonPieces(value: unknown): Generator<string> {
  if (typeof value === 'string' && value.length > SHORT) {
    yield '"';
    for (const piece of piecesOf(value)) yield JSON.stringify(piece).slice(1, -1);
    yield '"';
  } else if (typeof value !== 'object' || value === null || isShort(value)) yield JSON.stringify(value);
  else if (isIterable(value)) {
    let before = '[';
    for (const item of value) {
      yield before;
      yield* jsonPieces(item ?? null);
      before = ',';
    }
    yield before === '[' ? '[]' : ']';
  } else {
    let before = '{';
    for (const [name, item] of Object.entries(value)) {
      if (item === undefined) continue;
      yield `${before}${JSON.stringify(name)}:`;
      yield* jsonPieces(item);
      before = ',';
    }
    yield before === '{' ? '{}' : '}';
  }
}

function isShort(value: object): boolean {
  return left(value, SHORT) >= 0;
}

/** @returns how many of `chars` remain after this value; stops early once negative */
function left(value: unknown, chars: number): number {
  if (typeof value === 'string') return chars - value.length - EACH;
  if (typeof value !== 'object' || value === null) return chars - EACH;
  if (isIterable(value) && !Array.isArray(value)) return -1;
  let rest = chars - EACH;
  for (const item of Object.values(value)) {
    rest = left(item, rest);
    if (rest < 0) break;
  }
  return rest;
}

function isIterable(value: object): value is Iterable<unknown> {
  return Symbol.iterator in value;
}
