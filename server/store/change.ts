import { inMailbox } from '../message/delivery.ts';
import type { Summary } from '../message/message.ts';
import { type Change, MAX_IDS_PER_EVENT } from './events.ts';

/** Whether the change would change anything. */
export function differs(
  summary: Summary,
  { read, tags, pinned, preview, attachments, warnings, deletedBy }: Change,
): boolean {
  return (
    (read !== undefined && read !== summary.read) ||
    (pinned !== undefined && pinned !== summary.pinned) ||
    (preview !== undefined && preview !== summary.preview) ||
    (deletedBy !== undefined && inMailbox(deletedBy, summary)) ||
    (attachments !== undefined && summary.attachments === null) ||
    (warnings !== undefined && warnings.length !== summary.warnings.length) ||
    (tags !== undefined && JSON.stringify(tags) !== JSON.stringify(summary.tags))
  );
}

/** In pieces of which each fits an event. */
export function bunches(ids: readonly string[]): string[][] {
  const bunches: string[][] = [];
  for (let at = 0; at < ids.length; at += MAX_IDS_PER_EVENT) bunches.push(ids.slice(at, at + MAX_IDS_PER_EVENT));
  return bunches;
}
