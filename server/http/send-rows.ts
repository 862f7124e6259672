import { once } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Response } from 'express';

/** How long rows are made into text at a time, in milliseconds. */
const SLICE_MS = 8;
/** Longer answers go out piece by piece, in chars. */
const LONG = 262_144;

/**
 * Answers with an object whose `name` is a list, made into text in slices: a page may have 500 mails with headers as
 * long as they may be.
 */
export async function sendRows<T>(
  res: Response,
  name: string,
  rows: readonly T[],
  toWire: (row: T) => object,
  rest: object,
): Promise<void> {
  const texts: string[] = [];
  let chars = 0;
  let until = performance.now() + SLICE_MS;
  const send = async () => {
    const goesOn = res.write(texts.splice(0).join(''));
    chars = 0;
    if (!goesOn) await drained(res);
    await nextTurn();
    until = performance.now() + SLICE_MS;
  };
  texts.push(`{${JSON.stringify(name)}:[`);
  res.type('application/json');
  for (const [i, row] of rows.entries()) {
    const text = `${i === 0 ? '' : ','}${JSON.stringify(toWire(row))}`;
    texts.push(text);
    chars += text.length;
    if (chars > LONG) await send();
    if (res.destroyed) return;
    if (performance.now() < until) continue;
    await nextTurn();
    until = performance.now() + SLICE_MS;
  }
  texts.push(`],${JSON.stringify(rest).slice(1)}`);
  const last = texts.join('');
  if (res.headersSent) res.end(last);
  else res.send(last);
}

/** Resolves when more may be written, or when nobody is there any more. */
async function drained(res: Response): Promise<void> {
  if (res.destroyed) return;
  const over = new AbortController();
  const { signal } = over;
  await Promise.race([once(res, 'drain', { signal }), once(res, 'close', { signal })]);
  over.abort();
}
