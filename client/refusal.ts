import { oneLine } from './lines.ts';

/**
 * Refuses what can't be meant, in a sentence that says what to do instead.
 * @param choices what there is to choose from, a line each
 * @throws {TypeError} "Failed to X: reason. Please Y."
 */
export function refuse(doing: string, reason: string, please: string, choices: readonly string[] = []): never {
  const end = choices.length === 0 ? '.' : `:${choices.map((choice) => `\n  ${oneLine(choice)}`).join('')}`;
  throw new TypeError(`${oneLine(`Failed to ${doing}: ${reason}`)}. Please ${please}${end}`);
}
