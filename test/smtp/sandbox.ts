import type { Deliver, Incoming } from '../../server/message/message.ts';
import { type SmtpOptions, startSmtp } from '../../server/smtp/server.ts';
import { TestLog } from '../net/a-log.ts';
import { aRecorder } from '../net/a-recorder.ts';

/** An SMTP server for tests that keeps all mail. */
export async function catchMail(options: Partial<SmtpOptions> = {}, deliver?: Deliver) {
  const mails: Incoming[] = [];
  const log = new TestLog();
  const keep: Deliver = async (incoming) => {
    mails.push(incoming);
    return { id: `mail-${String(mails.length).padStart(4, '0')}` };
  };
  const smtp = await startSmtp(deliver ?? keep, {
    host: '127.0.0.1',
    port: 0,
    maxOctets: 50 * 1024 * 1024,
    log,
    now: () => new Date('2026-01-02T03:04:05Z'),
    sessions: aRecorder().recorder,
    ...options,
  });
  return {
    port: smtp.port,
    host: smtp.host,
    mails,
    log,
    /** The only mail there is. */
    mail(): Incoming {
      const [mail, ...more] = mails;
      if (!mail || more.length > 0) throw new Error(`there should be one mail, there are ${mails.length}`);
      return mail;
    },
    stop: () => smtp[Symbol.asyncDispose](),
    [Symbol.asyncDispose]: () => smtp[Symbol.asyncDispose](),
  };
}

/** The beginning of a transcript: greeting and EHLO. */
export const HELLO = `
  S: 220 *
  C: EHLO app.test
  S-until: 250 *
`;

/** The beginning of a transcript, up to the data. */
export const TO_DATA = `${HELLO}
  C: MAIL FROM:<ada@app.test>
  S: 250 *
  C: RCPT TO:<bob@x.test>
  S: 250 *
  C: DATA
  S: 354 *
`;
