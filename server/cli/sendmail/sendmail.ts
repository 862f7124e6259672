import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { hostname, userInfo } from 'node:os';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ApiError, createApi } from '../../../client/index.ts';
import { MailstopError, reasonOf } from '../../../wire/errors.ts';
import { readFlags } from '../../config/flag.ts';
import { readGreeting } from '../../net/greeting.ts';
import { FINE, messageOf } from '../exit.ts';
import { common, smtp } from '../flags/common.ts';
import { harmless } from '../output/output.ts';
import { noSmtp, type Place, smtpOf, submit } from '../submit.ts';
import type { OwnVerb } from '../verbs/verb.ts';
import { readSendmailArguments } from './arguments.ts';
import { toSubmission } from './mail.ts';

/**
 * Exit codes of sysexits.h, for callers that check them. We never return EX_TEMPFAIL (75): it means that the mail is
 * queued and will be retried, and PHP's mail() treats it as success. Here nothing is queued: not delivered is failed.
 */
const EX_USAGE = 64;
const EX_DATAERR = 65;
const EX_UNAVAILABLE = 69;

export const sendmail: OwnVerb = {
  help: `Usage: mailstop sendmail [flags] [recipient...]

Replaces /usr/sbin/sendmail: reads a mail from stdin and sends it to Mailstop's SMTP port. A symlink
to mailstop that is called sendmail does the same.

Flags:
  -t                   also send to the recipients in To, Cc and Bcc; Bcc is removed
  -i, -oi              a line of a single dot does not end the mail
  -f, -r <address>     envelope sender (the calling user: user@host)
  -F <name>            name for the From header, if the mail has none
  -bs                  speak SMTP on stdin and stdout
  -bp, -bi             accepted: the queue is always empty, and there are no aliases
  --url <url>          URL of the inbox (http://127.0.0.1:8025; or MAILSTOP_URL)
  --smtp <host:port>   SMTP server, if not the one that Mailstop reports (or MAILSTOP_SMTP)

Other flags of sendmail, like -odi, -oem, -v or -N, are accepted and ignored. From, Date and
Message-ID are added if they are missing.

Exit codes are those of sysexits.h: 0 delivered, 64 wrong usage, 65 no recipient in the headers, 69 not delivered.

Examples:
  printf 'To: ada@example.test\\nSubject: Hello\\n\\nHow are you?\\n' | mailstop sendmail -t
  php -d sendmail_path='mailstop sendmail -t -i' send.php
  ln -s "$(command -v mailstop)" /usr/sbin/sendmail
`,
  async runOwn({ out, err, stdin, env, now }, args) {
    const call = readSendmailArguments(args);
    let url = common.url.fallback;
    try {
      switch (call.do) {
        case 'help':
          await out.line(sendmail.help.trimEnd());
          return FINE;
        case 'nothing':
          return FINE;
        case 'list-queue':
          await out.line('Mail queue is empty');
          return FINE;
        case 'refuse':
          await err.line(`sendmail: ${call.reason}`);
          return EX_USAGE;
      }
      const flags = readFlags({ ...common, smtp }, { ...call.where }, env);
      url = flags.url;
      const find = () => smtpOf({ api: createApi(url), url }, flags.smtp);
      if (call.do === 'smtp') return await speakSmtp(await find(), stdin);
      const mail = toSubmission(await readMail(stdin, call.endsAtDot), call, {
        user: user(env),
        host: hostname(),
        now: now(),
        unique: randomUUID(),
      });
      if (mail.to.length === 0) {
        await err.line('sendmail: no recipients: To, Cc and Bcc contain no address');
        return EX_DATAERR;
      }
      const { rejected } = await submit(await find(), mail);
      if (rejected.length === 0) return FINE;
      await err.line(harmless(`sendmail: refused for ${rejected.join(', ')}`));
    } catch (error) {
      if (!(error instanceof ApiError || error instanceof MailstopError)) throw error;
      await err.line(harmless(messageOf(error, url, '').replace(/^mailstop:/, 'sendmail:')));
      if (error.code === 'bad-config') return EX_USAGE;
      if (call.do === 'smtp') await out.line(`421 4.3.0 ${reasonOf(error)}\r`);
    }
    return EX_UNAVAILABLE;
  },
};

/** Reads to the end, or to a line with a single dot. */
async function readMail(stdin: Readable, endsAtDot: boolean): Promise<Buffer> {
  const chunks: Buffer[] = [];
  // The dot's line may be split across chunks, so keep a tail. The beginning counts as the beginning of a line.
  let tail = '\n';
  for await (const chunk of stdin as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    tail += chunk.toString('latin1');
    if (endsAtDot && /\n\.\r?\n/.test(tail)) break;
    tail = tail.slice(-3);
  }
  const read = Buffer.concat(chunks);
  const end = endsAtDot ? /(?:^|(?<=\n))\.(?:\r?\n|$)/.exec(read.toString('latin1'))?.index : undefined;
  return end === undefined ? read : read.subarray(0, end);
}

const GREETING_MS = 5000;

async function speakSmtp(place: Place, stdin: Readable): Promise<number> {
  // On a separate connection, so that a caller never sees the greeting of another protocol.
  const greeting = await readGreeting(place, GREETING_MS).catch(async (error: Error) => {
    throw await noSmtp(place, error);
  });
  if (!/^\d{3}/.test(greeting)) throw await noSmtp(place, { message: greeting, response: greeting });
  const socket = connect(place);
  await once(socket, 'connect');
  // A caller that has closed stdin still gets the last reply, and one that leaves without QUIT is not kept waiting.
  stdin.pipe(withCrlf()).pipe(socket);
  await pipeline(socket, process.stdout, { end: false });
  stdin.destroy();
  return FINE;
}

/**
 * Terminals and scripts end lines with LF alone, so no mail would ever end: if the first line does, all lines get a CR.
 * A program that speaks SMTP ends its first line with CRLF, and its input is passed on unchanged.
 */
function withCrlf(): Transform {
  let [first, plain]: [string, boolean | null] = ['', null];
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const text = chunk.toString('latin1');
      if (plain === null) {
        first = first.slice(-1) + text;
        if (first.includes('\n')) plain = !/^[^\n]*\r\n/.test(first);
      }
      done(null, plain ? Buffer.from(text.replaceAll(/(?<!\r)\n/g, '\r\n'), 'latin1') : chunk);
    },
  });
}

function user(env: NodeJS.ProcessEnv): string {
  try {
    return env['LOGNAME'] || env['USER'] || userInfo().username;
  } catch {
    // A container may run as a user without a name.
    return 'nobody';
  }
}
