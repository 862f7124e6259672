import type { Line } from '../net/line-reader.ts';
import type { Effect, State } from './session/state.ts';

/** Commands whose arguments are no secret. */
const HARMLESS = /^(?:USER|CAPA|STLS|UTF8|LANG|STAT|LIST|UIDL|RETR|TOP|DELE|NOOP|RSET|QUIT|LAST)\b/i;

/** What a client sent, for the transcript of its session, without anything that is or may be a secret. */
export function saidByClient(state: State, line: Line): string {
  if (state.name === 'challenged') return '[credentials]';
  const text = line.type === 'line' ? line.text : line.begin;
  if (HARMLESS.test(text)) return Buffer.from(text, 'latin1').toString();
  const [, known, more = ''] = /^(PASS|APOP|AUTH(?: +(?:PLAIN|LOGIN|CRAM-MD5))?)\b(.*)$/is.exec(text) ?? [];
  if (known === undefined) return `[unknown command of ${text.length} octets]`;
  return more === '' ? known : `${known} [credentials]`;
}

/** The reply to it; null for an effect that is none. A mail or a long list is only mentioned. */
export function saidByServer(effect: Effect): string | null {
  switch (effect.do) {
    case 'ok':
      return `+OK ${effect.text}`;
    case 'err':
      return `-ERR ${effect.code === null ? '' : `[${effect.code}] `}${effect.text}`;
    case 'challenge':
      return '+ ';
    case 'lines':
      return [`+OK ${effect.text}`, ...effect.lines, '.'].join('\n');
    case 'scan':
      return `+OK ${effect.text}\n[list of ${effect.maildrop.ids.length} messages]`;
    case 'message':
      return effect.lines === null
        ? `+OK ${effect.size} octets\n[mail of ${effect.size} octets]`
        : `+OK top of message follows\n[header and ${effect.lines} lines]`;
    default:
      return null;
  }
}
