import type { Candidate } from './matches.ts';

/** `unknown`: only a thread can tell, with the parsed mail or without. A patient one with `content` knows every answer. */
export type Verdict = boolean | 'unknown';

/** Answers a query about one mail. @param now for what is asked relative to it, Unix time in ms */
export type Matcher = (candidate: Candidate, now: number) => Verdict;

export function every(matchers: readonly Matcher[]): Matcher {
  return (candidate, now) => {
    let verdict: Verdict = true;
    for (const matcher of matchers) {
      const one = matcher(candidate, now);
      if (one === false) return false;
      if (one === 'unknown') verdict = 'unknown';
    }
    return verdict;
  };
}

export function some(matchers: readonly Matcher[]): Matcher {
  const none = every(matchers.map((matcher) => (candidate, now) => not(matcher(candidate, now))));
  return (candidate, now) => not(none(candidate, now));
}

export function not(verdict: Verdict): Verdict {
  return verdict === 'unknown' ? 'unknown' : !verdict;
}
