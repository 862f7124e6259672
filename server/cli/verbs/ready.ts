import { setTimeout as sleep } from 'node:timers/promises';
import { noAnswer } from '../../../client/api/no-answer.ts';
import { reasonOf } from '../../../wire/errors.ts';
import { duration, toggle } from '../../config/kinds.ts';
import { FINE, UNREACHABLE } from '../exit.ts';
import { json, quiet } from '../flags/common.ts';
import { jsonText } from '../output/output.ts';
import { defineVerb } from './verb.ts';

/** Delay between attempts, in milliseconds. */
const PAUSE_MS = 100;
/** A server that accepts connections but never answers is not ready. In milliseconds. */
const ANSWER_MS = 5000;
const DEFAULT_WAIT_MS = 30_000;

type State = { readonly ready: boolean; readonly smtp: string | null; readonly reason: string | null };

export const ready = defineVerb({
  takes: '',
  about: `Checks whether Mailstop accepts mail, which includes a greeting from its SMTP port. Exits with 0 if it does and
with 3 if not. With --wait it keeps checking until it does.`,
  flags: {
    wait: { kind: toggle, fallback: false, help: 'wait until it is ready', short: 'w' },
    timeout: {
      kind: duration(3_600_000),
      fallback: null,
      help: 'wait at most this long (30s); implies --wait',
      short: 't',
    },
    json,
    quiet,
  },
  examples: ['mailstop ready', 'mailstop & mailstop ready --wait && npm test', 'mailstop ready --wait --timeout 2m'],
  async run({ url, out, err, now }, { wait, timeout, json, quiet }) {
    const within = timeout ?? (wait ? DEFAULT_WAIT_MS : 0);
    const deadline = now().getTime() + within;
    let state = await ask(url);
    while (!state.ready && now().getTime() + PAUSE_MS <= deadline) {
      await sleep(PAUSE_MS);
      state = await ask(url);
    }
    if (json) await out.line(jsonText({ ...state, url: url.origin }));
    else if (state.ready && !quiet) await out.foreign(`ready  ${url.origin}  ${state.smtp}\n`);
    if (state.ready) return FINE;
    const waited = within > 0 ? ` within ${within} ms` : '';
    await err.foreign(`mailstop: Mailstop at ${url.origin} is not ready${waited}: ${state.reason}\n`);
    return UNREACHABLE;
  },
});

/** The answer of readyz. Another version may have more fields, or fewer. */
interface Answer {
  readonly ready?: unknown;
  readonly smtp?: unknown;
  /** Why mail is rejected. */
  readonly disk?: string | null;
  /** Progress of the start. */
  readonly loading?: { readonly done: number; readonly total: number } | null;
}

async function ask(url: URL): Promise<State> {
  try {
    const response = await fetch(new URL('/readyz', url), { signal: AbortSignal.timeout(ANSWER_MS) });
    const answer = (await response.json()) as Answer;
    if (answer.ready === true) return { ready: true, smtp: String(answer.smtp), reason: null };
    return notReady(answer.ready === false ? reasonIn(answer) : NOT_MAILSTOP);
  } catch (error) {
    if (error instanceof SyntaxError) return notReady(NOT_MAILSTOP);
    const known = noAnswer(url.origin, error, false);
    if (known.code === 'unknown') return notReady(`${NOT_MAILSTOP}: ${known.detail}`);
    // `fetch` hides the real reason in its cause.
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return notReady(reasonOf(cause) || 'nothing answers');
  }
}

const NOT_MAILSTOP = "what answers there is not Mailstop's inbox";

function notReady(reason: string): State {
  return { ready: false, smtp: null, reason };
}

function reasonIn({ smtp, disk, loading }: Answer): string {
  if (loading) return `it is still reading its mail, ${loading.done} of ${loading.total}`;
  return disk ?? `its SMTP port: ${smtp}`;
}
