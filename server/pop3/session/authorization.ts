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

/** The commands before login (RFC 1939 §4). */
export const authorization: Handlers<Authorization> = {
  // The reply does not reveal whether the user exists (RFC 1939 §13).
  USER: (state, { user }) => ok({ ...state, user }, 'send PASS'),
  // A password belongs to the USER before it; another try takes another USER (RFC 1939 §7).
  PASS: (state, { password }) => {
    const { user } = state;
    if (user === null) return refuse(state, 'USER comes first');
    return open(state, { by: 'password', user, password, mailbox: user });
  },
  APOP: (state, { user, digest }) => open(state, { by: 'digest', user, digest, mailbox: user }),
  AUTH: (state, { mechanism, initial }) => {
    // A bare AUTH is not in RFC 5034; old clients use it to ask for the mechanisms.
    if (mechanism === null) return { state, effects: [{ do: 'lines', text: 'mechanisms', lines: ['PLAIN'] }] };
    if (mechanism !== 'PLAIN') return refuse(state, 'only PLAIN is supported');
    if (initial !== null) return plain(state, initial);
    return { state: { name: 'challenged', before: state }, effects: [{ do: 'challenge' }] };
  },
  STLS: (state, _, { stls }) => {
    if (!stls) return refuse(state, 'STLS is off; start with --tls auto');
    if (state.tls) return refuse(state, 'TLS is already active'); // RFC 2595 §4
    if (state.utf8) return refuse(state, 'STLS must come before UTF8'); // RFC 6856 §2.1
    // What the client sent unprotected is forgotten (RFC 2595 §4), but our count of failed logins goes on.
    return {
      state: { ...begun, tls: true, refused: state.refused },
      effects: [{ do: 'ok', text: 'begin the TLS handshake' }, { do: 'tls' }],
    };
  },
  UTF8: (state) => ok({ ...state, utf8: true }, 'UTF-8 enabled'),
  LANG: (state, { range }) => lang(state, range),
  CAPA: (state, _, policy) => capa(state, policy),
  QUIT: () => quit('goodbye'),
};

/** The state of a new connection. */
export const begun: Authorization = { name: 'authorization', user: null, tls: false, utf8: false, refused: 0 };

/** The line after the challenge of AUTH; a lone `*` cancels the AUTH (RFC 5034 §4). */
export function answerChallenge(before: Authorization, response: string): Step {
  return response === '*' ? refuse(before, 'AUTH cancelled') : plain(before, response);
}

/** Delays the reply to a failed login; the last one allowed ends the session. */
export function refuseLogin(before: Authorization, { maxRefused }: Policy): Step {
  const refused = before.refused + 1;
  const no = { do: 'err', code: 'AUTH', text: 'wrong name or password' } as const; // RFC 3206 §6
  const state: State = refused < maxRefused ? { ...before, refused } : { name: 'closed' };
  return { state, effects: [{ do: 'wait' }, no] };
}

function plain(state: Authorization, response: string): Step {
  const said = parsePlain(response);
  if (said === null) return refuse(state, 'expected a PLAIN response in base64');
  const { authorization, user, password } = said;
  return open(state, { by: 'password', user, password, mailbox: authorization || user });
}

function open(state: Authorization, login: Login): Step {
  const before: Authorization = { ...state, user: null };
  const texts = [login.user, login.mailbox, login.by === 'password' ? login.password : ''];
  // RFC 6856 §2.2, RFC 4616 §2
  if (texts.some((text) => saslprep(text) === null))
    return refuse(before, 'the name or password has a character that is not allowed (RFC 4013)');
  return { state: { name: 'opening', before }, effects: [{ do: 'login', login }] };
}

/** Commands that are only allowed in this state. */
export const beforeLogin: ReadonlySet<Keyword> = new Set(['USER', 'PASS', 'APOP', 'AUTH', 'STLS', 'UTF8']);
