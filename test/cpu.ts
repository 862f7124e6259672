/**
 * How often work is measured until it is within its limit; the lowest figure counts. The first run compiles, garbage is
 * collected at any time, and other load on the same core can double the time. Only work that is really too slow is too
 * slow every time.
 */
export const ATTEMPTS = 5;

/** Counts the CPU time of this process from now on. @returns a function that gives it, in milliseconds */
export function cpuMeter(): () => number {
  const before = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  };
}

/** CPU time that the work takes, in milliseconds. */
export async function cpuMs(work: () => unknown): Promise<number> {
  const spent = cpuMeter();
  await work();
  return spent();
}

/** The lowest result of `measure`, which is repeated until one is below `limit`. */
export async function least(limit: number, measure: () => number | Promise<number>): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < ATTEMPTS && least >= limit; attempt++) least = Math.min(least, await measure());
  return least;
}
