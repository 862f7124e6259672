import { createTransport } from 'nodemailer';
import { createApi } from '../../../client/index.ts';
import { type Letter, letters } from './mails.ts';

interface At {
  readonly smtp: { readonly host: string; readonly port: number };
  readonly url: string;
  /** Sets the clock of the server. */
  readonly setClock: (time: Date) => void;
}

/** Sends the letters through SMTP, oldest first, each at its own time. */
export async function fill({ smtp, url, setClock }: At, now: Date, which: readonly Letter[] = letters): Promise<void> {
  const api = createApi(url);
  for (const { minutesAgo, read, username, mail } of which.toReversed()) {
    const time = new Date(now.getTime() - minutesAgo * 60_000 - 20_000);
    setClock(time);
    const auth = username === undefined ? {} : { auth: { user: username, pass: 'secret' } };
    const transport = createTransport({ ...smtp, ...auth, ignoreTLS: true });
    await transport.sendMail({ date: time, ...mail });
    transport.close();
    const [newest] = (await api.list('', { limit: 1 })).messages;
    if (!newest) throw new Error('Nothing came in');
    // Requesting the whole mail has it parsed, so that it has a preview.
    await api.message(newest.id);
    if (read) await api.patch(newest.id, { read: true });
  }
  setClock(now);
}
