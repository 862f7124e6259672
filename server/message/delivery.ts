import type { DeletedFrom, Summary } from './message.ts';

/*
 * A mail is in several mailboxes: a delivery for each envelope recipient, and the mailbox of the SMTP username that
 * sent it. POP3 deletes it from one of them; the others keep it.
 */

type Delivered = Pick<Summary, 'envelope' | 'username' | 'deletedFrom'>;

/** The recipients that still have the mail, in lower case, each once. Linear in their number. */
export function recipientsOf({ envelope: { to }, deletedFrom }: Delivered): readonly string[] {
  const [only] = to;
  if (to.length === 1 && only !== undefined && deletedFrom === null) return [only.toLowerCase()];
  const recipients = new Set(to.map((address) => address.toLowerCase()));
  for (const address of deletedFrom?.recipients ?? []) recipients.delete(address);
  return [...recipients];
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
  return isEverything(name) || deletionBy(name, mail) !== null;
}

export function isEverything(mailbox: string): boolean {
  return mailbox === '*' || mailbox.toLowerCase() === 'all';
}

/** The effect when a mailbox other than `all` deletes a mail. */
interface Deletion {
  /** Every delivery that the mailbox shows, and those that were deleted before. */
  readonly deletedFrom: DeletedFrom;
  /** Whether no recipient has the mail any more. One that had no recipients, or whose sender deletes it, stays. */
  readonly wasLast: boolean;
}

/** @returns null for a mail that is not in the mailbox */
export function deletionBy(name: string, mail: Delivered): Deletion | null {
  const wanted = name.toLowerCase();
  const recipients = recipientsOf(mail);
  const gone = recipients.filter((address) => opens(wanted, address));
  const bySender = senderOf(mail)?.toLowerCase() === wanted;
  if (gone.length === 0 && !bySender) return null;
  const before = mail.deletedFrom ?? { recipients: [], username: false };
  return {
    deletedFrom: { recipients: [...before.recipients, ...gone], username: before.username || bySender },
    wasLast: gone.length > 0 && gone.length === recipients.length,
  };
}

/** @param wanted an address, or a local part, which matches any domain; in lower case */
function opens(wanted: string, address: string): boolean {
  if (address === wanted) return true;
  return !wanted.includes('@') && address.lastIndexOf('@') === wanted.length && address.startsWith(wanted);
}
