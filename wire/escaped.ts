/**
 * What a mail says must not act on a terminal or look like a line of ours: controls (ANSI escapes begin with one),
 * line ends and the characters that reverse the direction of text are written as escapes.
 */
export function escaped(text: string): string {
  // Nearly all lines are plain, and looking for what isn't is quick.
  if (!/[^\x20-\x7e]/.test(text)) return text;
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
    // By UTF-16 unit, which is the one form that JSON knows.
    character.replaceAll(/./gs, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
  );
}
