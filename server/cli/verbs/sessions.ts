import type { Session, SessionSummary } from '../../../client/index.ts';
import { aligned } from '../../../wire/columns.ts';
import { escaped } from '../../../wire/escaped.ts';
import { OUTCOMES, PROTOCOLS } from '../../../wire/state.ts';
import { oneOf, text, whole } from '../../config/kinds.ts';
import { FINE, misuse } from '../exit.ts';
import { json } from '../flags/common.ts';
import { jsonText, type Output } from '../output/output.ts';
import { defineVerb } from './verb.ts';

export const sessions = defineVerb({
  takes: '[id]',
  about: `Lists the latest SMTP and POP3 sessions, newest first, also those that were refused or lost: why did my mail not
arrive? With an id, shows that session with everything that both sides said; credentials are masked, mails left out.`,
  flags: {
    outcome: { kind: oneOf(...OUTCOMES), fallback: null, help: 'only those that ended like this' },
    protocol: { kind: oneOf('smtp', 'smtps', 'pop3', 'pop3s'), fallback: null, help: 'only those of this protocol' },
    peer: { kind: text('address'), fallback: null, help: 'only those of this client, with or without its port' },
    address: { kind: text('address'), fallback: null, help: 'only those with this sender, recipient or username' },
    message: { kind: text('id'), fallback: null, help: 'only the one that brought the mail with this id' },
    limit: { kind: whole(1, 500), fallback: 50, help: 'list at most this many', short: 'n' },
    json,
  },
  examples: [
    'mailstop sessions',
    'mailstop sessions --outcome refused',
    'mailstop sessions --address ada@example.test',
    'mailstop sessions 01m804h9bmkgzb24h40s99',
  ],
  async run({ api, out, err }, { json, limit, outcome, protocol, ...which }, [id, ...more]) {
    if (more.length > 0) misuse(`expected one session id, got ${more.length + 1}`);
    if (id !== undefined) {
      const session = await api.session(id);
      if (json) await out.line(jsonText(session));
      else for (const line of shown(session, out)) await out.line(line);
      return FINE;
    }
    const { sessions, matched } = await api.sessions({
      limit,
      ...(outcome !== null && { outcome }),
      ...(protocol !== null && { protocol: PROTOCOLS.find((name) => name.toLowerCase() === protocol) }),
      ...given(which),
    });
    if (json) await out.line(jsonText(sessions));
    else if (out.width === null) for (const session of sessions) await out.line(columns(session).join('\t'));
    else for (const line of aligned(sessions.map(columns))) await out.line(line);
    if (!json && out.width !== null) {
      if (sessions.length === 0) await err.line('There is no such session; the latest thousand are remembered.');
      else if (matched > sessions.length)
        await err.line(`${sessions.length} of ${matched} sessions; --limit shows more`);
    }
    return FINE;
  },
});

/** Without what is null. */
function given<T extends string>(which: Readonly<Record<T, string | null>>): Partial<Record<T, string>> {
  return Object.fromEntries(Object.entries(which).filter(([, value]) => value !== null)) as Partial<Record<T, string>>;
}

function columns(session: SessionSummary): string[] {
  const { id, startedAt, protocol, peer, outcome, from, to, username } = session;
  const who =
    from === null
      ? (username ?? '')
      : `${from || '<>'} -> ${to.length > 2 ? `${to[0]} and ${to.length - 1} more` : to.join(', ')}`;
  return [id, startedAt, protocol, peer, outcome, who, whyOf(session)].map(escaped);
}

/** What a reader wants to know first. */
function whyOf({ reason, refusal, mails }: SessionSummary): string {
  if (reason !== null) return reason;
  if (refusal !== null) return `${refusal.command} -> ${refusal.reply}`;
  return mails === 0 ? '' : mails === 1 ? '1 mail' : `${mails} mails`;
}

function shown(session: Session, out: Output): readonly string[] {
  const { id, protocol, peer, startedAt, endedAt, outcome, helo, username, tls, messages, transcript } = session;
  const facts: [name: string, value: string | null][] = [
    ['Session', `${id}, ${protocol} from ${peer}`],
    ['Began', startedAt],
    ['Ended', endedAt ?? 'still open'],
    ['Outcome', session.reason === null ? outcome : `${outcome}: ${session.reason}`],
    ['Greeted as', helo],
    ['User', username],
    ['TLS', tls],
    ['Mails', messages.length === 0 ? null : messages.slice(-20).join(' ')],
  ];
  const lines = transcript.map(
    ({ at, from, text }) =>
      `${out.paint('dim', `${at} ms`.padStart(9))}  ${from === 'client' ? out.paint('cyan', 'C:') : 'S:'} ${escaped(text)}`,
  );
  return [
    ...facts.flatMap(([name, value]) =>
      value === null ? [] : [`${out.paint('dim', `${name}:`.padEnd(12))}${escaped(value)}`],
    ),
    '',
    ...lines,
  ];
}
