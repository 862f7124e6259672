/** SIGHUP: the terminal was closed. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Why a start was abandoned: the process was asked to end. */
export class Stopped extends Error {
  readonly signal: NodeJS.Signals;

  constructor(signal: NodeJS.Signals) {
    super(`stopped by ${signal}`);
    this.signal = signal;
  }
}

/**
 * Aborts at the first signal, with a `Stopped` as the reason, which asks for a clean stop. After that, SIGINT and
 * SIGTERM, from a user in a hurry, end the process at once. SIGHUP does not: a closed terminal sends it more than once.
 */
export function stopSignal(): AbortSignal {
  const stop = new AbortController();
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      for (const other of ['SIGINT', 'SIGTERM'] as const) process.removeAllListeners(other);
      stop.abort(new Stopped(signal));
    });
  }
  return stop.signal;
}
