import { createTransport } from 'nodemailer';
import type { Mail, Place, Sandbox } from '../../../client/index.ts';

export interface Sent {
  readonly subject: string;
  readonly text?: string;
  readonly html?: string;
  readonly attachments?: { filename: string; content: string | Buffer; cid?: string }[];
}

/** One sandbox for all tests, each with its own mailboxes. */
export interface Stage {
  readonly sandbox: Sandbox;
  /** Another one. */
  open(): Promise<Sandbox>;
  /** The app under test: sends by SMTP. */
  send(to: string, mail: Sent, smtp?: Place): Promise<void>;
  /** Many mails, one after the other. */
  sendAll(to: string, ...subjects: string[]): Promise<void>;
}

export function stage(sandbox: () => Sandbox, open: () => Promise<Sandbox>): Stage {
  const send: Stage['send'] = async (to, { text = 'hello', ...mail }, smtp = sandbox().smtp) => {
    await createTransport({ ...smtp }).sendMail({ from: 'Shop <shop@example.test>', to, text, ...mail });
  };
  return {
    get sandbox() {
      return sandbox();
    },
    open,
    send,
    async sendAll(to, ...subjects) {
      for (const subject of subjects) await send(to, { subject });
    },
  };
}

export const subjects = (mails: readonly Mail[]) => mails.map(({ subject }) => subject);
