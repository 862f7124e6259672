import type { Verb } from './verb.ts';

/** A verb's entry in the program's help. The rest is loaded on demand, so that every verb starts quickly. */
export interface Entry {
  readonly group: string;
  readonly summary: string;
  readonly load: () => Promise<Verb>;
}

const READ = 'Look at mail:';
const TEST = 'Wait and assert, in any language:';
const MOVE = 'Mail in and out:';

/** All verbs except `serve`, in the order of the help. */
export const verbs: Readonly<Record<string, Entry>> = {
  wait: { group: TEST, summary: 'wait until mail matches', load: async () => (await import('./wait.ts')).wait },
  expect: {
    group: TEST,
    summary: 'assert how many mails match, and what they contain',
    load: async () => (await import('./expect.ts')).expect,
  },
  ready: {
    group: TEST,
    summary: 'check whether Mailstop accepts mail, or wait until it does',
    load: async () => (await import('./ready.ts')).ready,
  },
  list: { group: READ, summary: 'list mails', load: async () => (await import('./list.ts')).list },
  show: { group: READ, summary: 'show a mail or part of it', load: async () => (await import('./show.ts')).show },
  sessions: {
    group: READ,
    summary: 'list SMTP and POP3 sessions, or show one',
    load: async () => (await import('./sessions.ts')).sessions,
  },
  clear: { group: READ, summary: 'delete mails', load: async () => (await import('./clear.ts')).clear },
  import: {
    group: MOVE,
    summary: 'import mail: .eml, mbox, Maildir',
    load: async () => (await import('./import.ts')).importMail,
  },
  export: {
    group: MOVE,
    summary: 'export mail: a folder to look at, mbox, Maildir',
    load: async () => (await import('./export.ts')).exportMail,
  },
  send: { group: MOVE, summary: 'compose and send a mail', load: async () => (await import('./send.ts')).send },
  sendmail: {
    group: MOVE,
    summary: 'stand in for /usr/sbin/sendmail',
    load: async () => (await import('../sendmail/sendmail.ts')).sendmail,
  },
};
