/**
 * Escapes text from a mail, so that it can neither control a terminal nor pass for a line of ours: control characters
 * (ANSI escapes begin with one), line ends and the characters that reverse text direction.
 */
export function escaped(text: string): string {
  // Fast path: nearly all lines are plain ASCII.
  if (!/[^\x20-\x7e]/.test(text)) return text;
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
    // Per UTF-16 unit, the only form JSON has.
    character.replaceAll(/./gs, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
  );
}
