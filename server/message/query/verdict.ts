import type { Inquiry } from './inquiry.ts';

/** `unknown`: only a thread can decide. Never `unknown` for a patient candidate with `content`. */
export type Verdict = boolean | 'unknown';

/** Answers a query about one mail. */
export type Matcher = (inquiry: Inquiry) => Verdict;

export function every(matchers: readonly Matcher[]): Matcher {
  return (inquiry) => {
    let verdict: Verdict = true;
    for (const matcher of matchers) {
      const one = matcher(inquiry);
      if (one === false) return false;
      if (one === 'unknown') verdict = 'unknown';
    }
    return verdict;
  };
}

export function some(matchers: readonly Matcher[]): Matcher {
  const none = every(matchers.map((matcher) => (inquiry) => not(matcher(inquiry))));
  return (inquiry) => not(none(inquiry));
}

export function not(verdict: Verdict): Verdict {
  return verdict === 'unknown' ? 'unknown' : !verdict;
}
