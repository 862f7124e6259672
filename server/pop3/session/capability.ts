import { ok, type Policy, refuse, type State, type Step } from './state.ts';

/** Every line stays below 512 octets (RFC 2449 §4). */
export function capabilities(state: State, policy: Policy): readonly string[] {
  // STLS is offered before login, on links that have no TLS yet (RFC 2595 §4).
  const stls = policy.stls && state.name === 'authorization' && !state.tls;
  return [
    'TOP',
    'USER',
    'SASL PLAIN',
    'RESP-CODES',
    'AUTH-RESP-CODE',
    'PIPELINING',
    'UIDL',
    'UTF8 USER',
    'LANG',
    // NEVER would be untrue, because the limits may delete any mail; 0 would forbid leaving mail here (RFC 2449 §6.7).
    ...(policy.days === null ? [] : [`EXPIRE ${policy.days}`]),
    ...(stls ? ['STLS'] : []),
    `IMPLEMENTATION ${policy.implementation}`,
  ];
}

/** Allowed in both states (RFC 2449 §5). */
export function capa<S extends State>(state: S, policy: Policy): Step {
  return { state, effects: [{ do: 'lines', text: 'capabilities', lines: capabilities(state, policy) }] };
}

/** There is only one language, so choosing it changes nothing (RFC 6856 §3.2). */
export function lang<S extends State>(state: S, range: string | null): Step {
  if (range === null) return { state, effects: [{ do: 'lines', text: 'languages', lines: ['en English'] }] };
  // A basic language range matches any tag it is a prefix of: `en`, not `en-GB` (RFC 4647 §3.3.1).
  return /^(\*|en)$/i.test(range) ? ok(state, 'language is en') : refuse(state, 'only en is available');
}
