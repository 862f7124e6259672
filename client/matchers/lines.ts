import { escaped } from '../../wire/escaped.ts';

const SHOWN_CHARACTERS = 100;

/** A quoted text with invisible characters escaped; of a long text, a part that begins shortly before `at`. */
export function quoted(text: string, at = 0): string {
  const start = at < SHOWN_CHARACTERS ? 0 : at - SHOWN_CHARACTERS / 2;
  const end = start + SHOWN_CHARACTERS;
  const shown = escaped(JSON.stringify(text.slice(start, end)));
  return `${start > 0 ? '...' : ''}${shown}${end < text.length ? '...' : ''}`;
}
