/** Runs a function after a delay in milliseconds. @returns a function that cancels it */
export type After = (delay: number, run: () => void) => () => void;

/** A timer that does not keep the process alive. */
export const afterTimeout: After = (delay, run) => {
  const timer = setTimeout(run, delay).unref();
  return () => clearTimeout(timer);
};
