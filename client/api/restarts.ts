import type { Expectation, Met } from '../../wire/expect.ts';
import type { Server } from '../../wire/state.ts';
import type { Api } from './api.ts';
import { ApiError } from './api-error.ts';
import { answeredWithin } from './no-answer.ts';

// Captured at load: a test that fakes timers means the app's.
const { clearTimeout, setTimeout } = globalThis;

/** Delay between attempts, in milliseconds. */
const PAUSE_MS = 100;

/** How long the server may take to say who it is, in milliseconds. */
const ANSWER_MS = 10_000;

/** No answer, or the server says that it is still reading its mail. */
const AWAY: readonly string[] = ['no-answer', 'went-away', 'starting'];

/** The epoch that a cursor belongs to. Updated when the server has begun another one. */
export interface Epoch {
  /** Null if unknown. */
  current: string | null;
}

export interface RestartOptions {
  readonly epoch?: Epoch;
  /** Called when the server has started counting anew: earlier cursors are invalid. */
  readonly lost?: () => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Expects mail from a server that may restart in the meantime. The deadline covers everything, including time without
 * a server. Mail from before a restart counts if the server kept it.
 * @throws {ApiError} `not-back` if the server is down at the deadline
 */
export async function expectAcrossRestarts(
  api: Api,
  expectation: Expectation,
  { epoch = { current: null }, lost = () => {}, signal }: RestartOptions = {},
): Promise<Met> {
  const { within = 5000, quiet = 0 } = expectation;
  const since = performance.now();
  const left = () => Math.max(0, Math.ceil(since + within - performance.now()));
  let { after } = expectation;
  const meet = (server: Server) => {
    const { data, seq } = server;
    // With mail on disk, another run continues the count.
    const isAnother = data === null && epoch.current !== null && epoch.current !== server.epoch;
    epoch.current = server.epoch;
    if (after === undefined || !(isAnother || seq < after)) return;
    after = undefined;
    lost();
  };
  const server = after === undefined ? null : await serverOf(api, signal);
  if (server) meet(server);
  for (;;) {
    const { after: _, ...wanted } = expectation;
    try {
      return await api.expect({ ...wanted, ...(after !== undefined && { after }), within: left() }, signal);
    } catch (error) {
      if (!isAway(error)) throw error;
      const back = await untilBack(api, since + within + quiet, signal);
      if (!back) throw new ApiError('not-back', 0, `${error.message}, and it was not back in time`, { cause: error });
      meet(back);
    }
  }
}

/** @returns null if the server is down */
async function serverOf(api: Api, signal?: AbortSignal): Promise<Server | null> {
  try {
    return await answeredWithin(ANSWER_MS, signal, (either) => api.server(either));
  } catch (error) {
    if (isAway(error)) return null;
    throw error;
  }
}

async function untilBack(api: Api, deadline: number, signal?: AbortSignal): Promise<Server | null> {
  for (;;) {
    await pause(signal);
    const server = await serverOf(api, signal);
    if (server || performance.now() > deadline) return server;
  }
}

function isAway(error: unknown): error is ApiError {
  return error instanceof ApiError && AWAY.includes(error.code);
}

function pause(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      if (signal?.aborted) reject(signal.reason);
      else resolve();
    };
    const timer = setTimeout(end, PAUSE_MS);
    signal?.addEventListener('abort', end);
    if (signal?.aborted) end();
  });
}
