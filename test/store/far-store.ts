import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { LazySummary } from '../../server/message/lazy-summary.ts';
import type { Position, Start, StoreEvent } from '../../server/store/events.ts';
import type { Store } from '../../server/store/store.ts';
import { Unfinished } from '../../server/store/unfinished.ts';
import { type ErrorCode, MailstopError } from '../../wire/errors.ts';

/** A call or what came of it, as it crosses the boundary. */
type Message =
  | { readonly type: 'call'; readonly call: number; readonly method: string; readonly args: unknown }
  | { readonly type: 'abort'; readonly signal: number }
  | { readonly type: 'result'; readonly call: number; readonly result: unknown }
  | { readonly type: 'failed'; readonly call: number; readonly error: Failure };

type Changes = readonly (Start | StoreEvent)[];

interface Failure {
  readonly message: string;
  readonly code: ErrorCode | null;
  readonly isPassing: boolean | null;
}

/** Stands for an abort signal, which can't be cloned. */
interface FarSignal {
  readonly farSignal: number;
}

/**
 * Another handle on a store, as if it were in another process: all that is asked of it, and all that it answers, is
 * cloned and crosses a message port. So nothing can depend on the identity of objects, or on the same turn.
 */
export function farStore<S extends Store>(store: S): S {
  const { port1, port2 } = new MessageChannel();
  serve(store, port1);
  const calls = new Map<number, { resolve(result: unknown): void; reject(error: unknown): void }>();
  let count = 0;

  port2.on('message', (message: Message) => {
    if (message.type === 'result') calls.get(message.call)?.resolve(revived(message.result));
    if (message.type === 'failed') calls.get(message.call)?.reject(errorOf(message.error));
  });
  port2.unref();

  const send = (message: Message) => port2.postMessage(message);
  const sendable = (value: unknown): unknown => {
    if (!(value instanceof AbortSignal)) return undefined;
    const signal = ++count;
    if (value.aborted) send({ type: 'abort', signal });
    else value.addEventListener('abort', () => send({ type: 'abort', signal }), { once: true });
    return { farSignal: signal } satisfies FarSignal;
  };
  const call = (method: string, args: readonly unknown[]) =>
    new Promise<unknown>((resolve, reject) => {
      const call = ++count;
      calls.set(call, { resolve, reject });
      send({ type: 'call', call, method, args: mapped(args, sendable) });
    });

  async function* changes(after: Position | null, signal: AbortSignal): AsyncGenerator<Changes, void> {
    const reader = await call('open changes', [after, signal]);
    for (;;) {
      const { done, value } = (await call('next change', [reader])) as IteratorResult<Changes, undefined>;
      if (done) return;
      yield value;
    }
  }
  return new Proxy({} as S, {
    get(_, method) {
      if (typeof method === 'symbol' || method === 'then') return undefined;
      return method === 'changes' ? changes : (...args: readonly unknown[]) => call(method, args);
    },
  });
}

/** The other end, where the store is. */
function serve(store: Store, port: MessagePort): void {
  const signals = new Map<number, AbortController>();
  const readers: AsyncIterator<unknown>[] = [];
  const signalOf = (signal: number): AbortController => {
    const controller = signals.get(signal) ?? new AbortController();
    signals.set(signal, controller);
    return controller;
  };
  const received = (value: unknown): unknown =>
    isObject(value) && 'farSignal' in value ? signalOf(Number(value['farSignal'])).signal : undefined;
  const answer = async (method: string, args: readonly unknown[]): Promise<unknown> => {
    if (method === 'next change') return readers[Number(args[0])]?.next();
    if (method === 'open changes') {
      const [after, signal] = args as Parameters<Store['changes']>;
      return readers.push(store.changes(after, signal)[Symbol.asyncIterator]()) - 1;
    }
    return (Reflect.get(store, method) as (...args: readonly unknown[]) => unknown).apply(store, [...args]);
  };
  port.on('message', async (message: Message) => {
    if (message.type === 'abort') signalOf(message.signal).abort(new Error('the other end has aborted it'));
    if (message.type !== 'call') return;
    const { call, method, args } = message;
    try {
      const result = await answer(method, mapped(revived(args), received) as unknown[]);
      port.postMessage({ type: 'result', call, result: mapped(result, plain) } satisfies Message);
    } catch (error) {
      port.postMessage({ type: 'failed', call, error: failureOf(error) } satisfies Message);
    }
  });
  port.unref();
}

/** A summary that reads its headers on first use is sent with all of them. */
function plain(value: unknown): unknown {
  return value instanceof LazySummary ? value.plain() : undefined;
}

/** Buffers arrive as plain arrays of octets. */
function revived(value: unknown): unknown {
  return mapped(value, (one) => (one instanceof Uint8Array ? Buffer.from(one) : undefined));
}

/** A copy in which some values, however deep, are replaced. */
function mapped(value: unknown, replaced: (value: unknown) => unknown): unknown {
  const replacement = replaced(value);
  if (replacement !== undefined) return replacement;
  if (Array.isArray(value)) return value.map((one) => mapped(one, replaced));
  if (!isObject(value) || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, mapped(one, replaced)]));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function failureOf(error: unknown): Failure {
  return {
    message: error instanceof Error ? error.message : String(error),
    code: error instanceof MailstopError ? error.code : null,
    isPassing: error instanceof Unfinished ? error.isPassing : null,
  };
}

function errorOf({ message, code, isPassing }: Failure): Error {
  if (code !== null) return new MailstopError(code, message);
  return isPassing === null ? new Error(message) : new Unfinished(message, isPassing);
}
