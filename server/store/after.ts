/** Runs something after so many milliseconds. @returns how to call it off */
export type After = (delay: number, run: () => void) => () => void;

/** A timer that keeps no process alive. */
export const afterTimeout: After = (delay, run) => {
  const timer = setTimeout(run, delay).unref();
  return () => clearTimeout(timer);
};
