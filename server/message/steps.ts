/**
 * Called before each step of parsing a mail.
 * @param step what it reads, to be named in a sentence: `the text of its HTML`
 * @returns false to skip the step, because an earlier attempt took too much work there
 */
export type Begin = (step: string) => boolean;

export const allSteps: Begin = () => true;
