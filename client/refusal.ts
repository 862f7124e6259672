import { escaped } from '../wire/escaped.ts';

/**
 * Rejects a call that makes no sense, with a sentence that says what to do instead.
 * @param choices what to choose from, one per line
 * @throws {TypeError} "Failed to X: reason. Please Y."
 */
export function refuse(doing: string, reason: string, please: string, choices: readonly string[] = []): never {
  const end = choices.length === 0 ? '.' : `:${choices.map((choice) => `\n  ${escaped(choice)}`).join('')}`;
  throw new TypeError(`${escaped(`Failed to ${doing}: ${reason}`)}. Please ${please}${end}`);
}
