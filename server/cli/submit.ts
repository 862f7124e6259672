import type SMTPConnection from 'nodemailer/lib/smtp-connection';
import { ApiError } from '../../client/index.ts';
import { MailstopError, reasonOf } from '../../wire/errors.ts';
import { reachable } from '../net/greeting.ts';
import type { Context } from './verbs/verb.ts';

export interface Place {
  readonly host: string;
  readonly port: number;
}

export interface Submission {
  /** Empty for the null sender. */
  readonly from: string;
  readonly to: readonly string[];
  /** Lines may end in LF; they are sent with CRLF (RFC 5321 §2.3.8). */
  readonly raw: Buffer;
}

export interface Submitted {
  /** The server's final reply. */
  readonly response: string;
  /** The id in Mailstop's reply; null if another server answered. */
  readonly id: string | null;
  readonly rejected: readonly string[];
}

/** The SMTP port: the given one, or the one reported by the Mailstop at the URL. @throws {ApiError} */
export async function smtpOf({ api, url }: Pick<Context, 'api' | 'url'>, given: Place | null): Promise<Place> {
  if (given) return given;
  const { smtp } = await api.server();
  if (!smtp) throw new ApiError('unknown', 0, 'it does not say where its SMTP port is');
  // A server that listens on all interfaces is reached at the host of its inbox.
  const host = smtp.host === '0.0.0.0' || smtp.host === '::' ? url.hostname.replace(/^\[|\]$/g, '') : smtp.host;
  return { host: reachable(host), port: smtp.port };
}

/**
 * Sends a mail through an SMTP port, as an app would.
 * @throws {MailstopError} `bad-request` for an envelope that can't be sent, `cannot-listen` if nothing answers,
 *   `store-full` with the server's reply if it rejects the mail
 */
export async function submit(place: Place, { from, to, raw }: Submission): Promise<Submitted> {
  const { default: Connection } = await import('nodemailer/lib/smtp-connection');
  const connection = new Connection({ ...place, ignoreTLS: true, connectionTimeout: 10_000, greetingTimeout: 5000 });
  try {
    await new Promise<void>((resolve, reject) => {
      connection.on('error', reject);
      connection.connect((error) => (error ? reject(error) : resolve()));
    });
    const use8BitMime = raw.some((octet) => octet > 0x7f);
    // No size, which nodemailer would check itself: whether the mail is too large is for the server to say.
    const envelope = { from, to: [...to], use8BitMime };
    const info = await new Promise<SMTPConnection.SentMessageInfo>((resolve, reject) => {
      connection.on('error', reject);
      connection.send(envelope, raw, (error, sent) => (error ? reject(error) : resolve(sent)));
    });
    const { response } = info;
    return { response, id: /queued as (\S+)/.exec(response)?.[1] ?? null, rejected: info.rejected.map(String) };
  } catch (error) {
    throw await noSmtp(place, error as SMTPConnection.SMTPError);
  } finally {
    connection.close();
  }
}

/** Why a mail can't be sent there: it was rejected, something else than SMTP answers, or nothing does. */
export async function noSmtp(
  { host, port }: Place,
  error: Pick<SMTPConnection.SMTPError, 'message' | 'code' | 'response'>,
): Promise<MailstopError> {
  const at = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  const hint = '--smtp and MAILSTOP_SMTP take the SMTP port, 1025 by default.';
  if (error.response?.startsWith('+OK'))
    return new MailstopError('cannot-listen', `what answers at ${at} is a POP3 server, not SMTP\n${hint}`);
  if (error.response) return new MailstopError('store-full', `SMTP at ${at} refused the mail: ${error.response}`);
  if (error.code === 'EENVELOPE') return new MailstopError('bad-config', error.message);
  if ((error.code ?? 'ETIMEDOUT') === 'ETIMEDOUT' && (await speaksHttp(at)))
    return new MailstopError('cannot-listen', `what answers at ${at} is an HTTP server, not SMTP\n${hint}`);
  return new MailstopError('cannot-listen', `no SMTP at ${at}: ${reasonOf(error)}`);
}

/** An HTTP server waits for the client to speak first, so no greeting ever comes. */
function speaksHttp(at: string): Promise<boolean> {
  return fetch(`http://${at}/`, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(2000) }).then(
    () => true,
    () => false,
  );
}
