import { capa, lang } from './capability.ts';
import type { Keyword } from './command.ts';
import { parsePlain } from './sasl.ts';
import { saslprep } from './saslprep.ts';
import {
  type Authorization,
  type Handlers,
  type Login,
  ok,
  type Policy,
  quit,
  refuse,
  type State,
  type Step,
} from './state.ts';

/** The commands before the login (RFC 1939 §4). */
export const authorization: Handlers<Authorization> = {
  // Whether there is such a user is not told (RFC 1939 §13).
  USER: (state, { user }) => ok({ ...state, user }, 'now the password'),
  // A password counts for the USER before it; to try again takes a new USER (RFC 1939 §7).
  PASS: (state, { password }) => {
    const { user } = state;
    if (user === null) return refuse(state, 'USER comes first');
    return open(state, { by: 'password', user, password, mailbox: user });
  },
  APOP: (state, { user, digest }) => open(state, { by: 'digest', user, digest, mailbox: user }),
  AUTH: (state, { mechanism, initial }) => {
    // Without an argument it is no command of RFC 5034; clients of old ask for the mechanisms that way.
    if (mechanism === null) return { state, effects: [{ do: 'lines', text: 'mechanisms', lines: ['PLAIN'] }] };
    if (mechanism !== 'PLAIN') return refuse(state, 'the one mechanism here is PLAIN');
    if (initial !== null) return plain(state, initial);
    return { state: { name: 'challenged', before: state }, effects: [{ do: 'challenge' }] };
  },
  STLS: (state, _, { stls }) => {
    if (!stls) return refuse(state, 'STLS is off; start with --tls auto');
    if (state.tls) return refuse(state, 'TLS is already active'); // RFC 2595 §4
    if (state.utf8) return refuse(state, 'STLS must come before UTF8'); // RFC 6856 §2.1
    // What was said without protection is forgotten (RFC 2595 §4); refused logins are ours, so they count on.
    return {
      state: { ...begun, tls: true, refused: state.refused },
      effects: [{ do: 'ok', text: 'begin the TLS handshake' }, { do: 'tls' }],
    };
  },
  UTF8: (state) => ok({ ...state, utf8: true }, 'UTF-8 it is'),
  LANG: (state, { range }) => lang(state, range),
  CAPA: (state, _, policy) => capa(state, policy),
  QUIT: () => quit('goodbye'),
};

/** The state of a fresh connection. */
export const begun: Authorization = { name: 'authorization', user: null, tls: false, utf8: false, refused: 0 };

/** The line after the challenge of AUTH; a lone `*` takes the AUTH back (RFC 5034 §4). */
export function answerChallenge(before: Authorization, response: string): Step {
  return response === '*' ? refuse(before, 'AUTH is cancelled') : plain(before, response);
}

/** A refused login waits for its answer, and the last one allowed ends the session. */
export function refuseLogin(before: Authorization, { maxRefused }: Policy): Step {
  const refused = before.refused + 1;
  const no = { do: 'err', code: 'AUTH', text: 'wrong name or password' } as const; // RFC 3206 §6
  const state: State = refused < maxRefused ? { ...before, refused } : { name: 'closed' };
  return { state, effects: [{ do: 'wait' }, no] };
}

function plain(state: Authorization, response: string): Step {
  const said = parsePlain(response);
  if (said === null) return refuse(state, 'that is no base64 of a PLAIN response');
  const { authorization, user, password } = said;
  return open(state, { by: 'password', user, password, mailbox: authorization || user });
}

function open(state: Authorization, login: Login): Step {
  const before: Authorization = { ...state, user: null };
  const texts = [login.user, login.mailbox, login.by === 'password' ? login.password : ''];
  // RFC 6856 §2.2, RFC 4616 §2
  if (texts.some((text) => saslprep(text) === null)) return refuse(before, 'names and passwords are plain text');
  return { state: { name: 'opening', before }, effects: [{ do: 'login', login }] };
}

/** The commands that belong to this state only: after the login they are refused. */
export const beforeLogin: ReadonlySet<Keyword> = new Set(['USER', 'PASS', 'APOP', 'AUTH', 'STLS', 'UTF8']);
