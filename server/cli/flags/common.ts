import { toggle } from '../../config/kinds.ts';
import { inboxUrl, place } from '../../config/places.ts';

/** Flags that every verb has. */
export const common = {
  url: { kind: inboxUrl, fallback: new URL('http://127.0.0.1:8025'), help: 'URL of the inbox', variable: true },
} as const;

export const json = { kind: toggle, fallback: false, help: 'print JSON' } as const;
export const quiet = { kind: toggle, fallback: false, help: 'print errors only', short: 'q' } as const;
/** For verbs that use SMTP. */
export const smtp = {
  kind: place,
  fallback: null,
  help: 'SMTP server, if not the one that Mailstop reports',
  variable: true,
} as const;
