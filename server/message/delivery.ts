import type { DeletedFrom, Summary } from './message.ts';

/*
 * A mail lies in several mailboxes: a delivery for each recipient of the envelope, and the mailbox of the SMTP username
 * that has sent it. POP3 deletes it from one of them; the others keep it.
 */

type Delivered = Pick<Summary, 'envelope' | 'username' | 'deletedFrom'>;

/** The recipients that still have the mail, in lower case, each once. */
export function recipientsOf({ envelope: { to }, deletedFrom }: Delivered): readonly string[] {
  const [only] = to;
  if (to.length === 1 && only !== undefined && deletedFrom === null) return [only.toLowerCase()];
  const gone = deletedFrom?.recipients;
  return [...new Set(to.map((address) => address.toLowerCase()))].filter((address) => !gone?.includes(address));
}

/** The username in whose mailbox the mail is; null when there is none, or when it was deleted there. */
export function senderOf({ username, deletedFrom }: Delivered): string | null {
  return deletedFrom?.username ? null : username;
}

/**
 * Whether a mail lies in the mailbox that a login name opens: `all` and `*` open everything, a full address what
 * was delivered to it, a name without @ what was delivered to that local part at any domain and what was sent with
 * that username. A username that looks like an address opens both, too.
 */
export function inMailbox(name: string, mail: Delivered): boolean {
  const wanted = name.toLowerCase();
  if (isEverything(wanted)) return true;
  if (senderOf(mail)?.toLowerCase() === wanted) return true;
  return recipientsOf(mail).some((address) => opens(wanted, address));
}

export function isEverything(mailbox: string): boolean {
  return mailbox === '*' || mailbox.toLowerCase() === 'all';
}

/** What is deleted of a mail when a mailbox, not `all`, deletes it: every delivery that the mailbox shows. */
export function deletedBy(name: string, mail: Delivered): DeletedFrom {
  const wanted = name.toLowerCase();
  const before = mail.deletedFrom ?? { recipients: [], username: false };
  return {
    recipients: [...before.recipients, ...recipientsOf(mail).filter((address) => opens(wanted, address))],
    username: before.username || mail.username?.toLowerCase() === wanted,
  };
}

/** Whether the last recipient has deleted it. A mail that had no recipients, or whose sender deletes it, stays. */
export function wasLast(mail: Delivered, deletedFrom: DeletedFrom): boolean {
  return recipientsOf(mail).length > 0 && recipientsOf({ ...mail, deletedFrom }).length === 0;
}

/** @param wanted an address, or a local part that stands for it at any domain; both in lower case */
function opens(wanted: string, address: string): boolean {
  if (address === wanted) return true;
  return !wanted.includes('@') && address.lastIndexOf('@') === wanted.length && address.startsWith(wanted);
}
