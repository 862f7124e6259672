import { setImmediate as nextTurn } from 'node:timers/promises';
import { FLAG_NAMES } from '../../../wire/flags.ts';
import { inMailbox } from '../../message/delivery.ts';
import type { Summary } from '../../message/message.ts';
import type { Filed } from '../archive.ts';
import { type Change, MAX_IDS_PER_EVENT } from '../events.ts';
import type { Entry } from './entry.ts';

/** Whether the change would change anything. */
export function differs(
  summary: Summary,
  { tags, preview, attachments, warnings, deletedBy, ...flags }: Change,
): boolean {
  return (
    FLAG_NAMES.some((flag) => flags[flag] !== undefined && flags[flag] !== summary[flag]) ||
    (preview !== undefined && preview !== summary.preview) ||
    (deletedBy !== undefined && inMailbox(deletedBy, summary)) ||
    (attachments !== undefined && summary.attachments === null) ||
    (warnings !== undefined && warnings.length !== summary.warnings.length) ||
    (tags !== undefined && JSON.stringify(tags) !== JSON.stringify(summary.tags))
  );
}

/** Most deliveries counted in one go: with long addresses that takes about 25 ms. */
const MOST_DELIVERIES = 10_000;

/** A mail whose deliveries are known. */
type Bunched = Pick<Entry, 'received'> | Filed;

/** Splits mails into bunches, each small enough for one event and quick to count. */
export function bunches<M extends Bunched>(mails: readonly M[]): M[][] {
  const bunches: M[][] = [];
  let bunch: M[] = [];
  let deliveries = 0;
  for (const mail of mails) {
    const { length } = ('incoming' in mail ? mail.incoming : mail.received).envelope.to;
    deliveries += length;
    if (bunch.length === MAX_IDS_PER_EVENT || (deliveries > MOST_DELIVERIES && bunch.length > 0)) {
      bunches.push(bunch);
      bunch = [];
      deliveries = length;
    }
    bunch.push(mail);
  }
  return bunch.length > 0 ? [...bunches, bunch] : bunches;
}

/**
 * Runs `act` on many mails, one bunch per turn of the event loop, the first bunch in the current turn.
 * @returns the results of all bunches
 */
export async function inBunches<M extends Bunched, R>(
  mails: readonly M[],
  act: (bunch: readonly M[]) => readonly R[],
): Promise<readonly R[]> {
  const results: R[] = [];
  for (const [index, bunch] of bunches(mails).entries()) {
    if (index > 0) await nextTurn();
    results.push(...act(bunch));
  }
  return results;
}
