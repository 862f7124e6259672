import { X } from 'lucide-react';
import { useState } from 'react';
import type { Counts, DiskSpace, Server } from '../../../client/index.ts';
import { formatCount, formatSize, formatSpan, mails } from '../widgets/format.ts';
import { IconButton } from '../widgets/IconButton.tsx';

/** Says that the limits have removed mail, so that nobody has to guess why a mail is missing. */
export function EvictedNotice({ counts, server }: { readonly counts: Counts; readonly server: Server | null }) {
  const [dismissed, setDismissed] = useState(false);
  if (dismissed) return null;
  return (
    <p className="list-notice">
      <span>
        {mails(counts.evicted)} {counts.evicted === 1 ? 'was' : 'were'} dropped by {limitOf(counts, server?.limits)},
        the oldest first.
      </span>
      <IconButton icon={X} label="Dismiss" onClick={() => setDismissed(true)} />
    </p>
  );
}

/** The limit that probably applied: one that is nearly reached, or else the age. */
function limitOf(counts: Counts, limits: Server['limits'] | undefined): string {
  if (!limits) return 'the limit';
  if (counts.bytes >= limits.bytes * 0.9) return `the limit of ${formatSize(limits.bytes)} (--max-bytes)`;
  if (limits.age !== null && counts.total < limits.messages * 0.9)
    return `the limit of ${formatSpan(limits.age)} (--max-age)`;
  return `the limit of ${formatCount(limits.messages)} (--max-messages)`;
}

/** Can't be dismissed, since mail is being rejected as long as it is shown. */
export function DiskNotice({ disk: { folder, free, floor } }: { readonly disk: DiskSpace }) {
  return (
    <p className="list-notice" role="alert">
      <span>
        New mail is refused: the disk of {folder} has {formatSize(free ?? 0)} free, less than the {formatSize(floor)}{' '}
        that must stay free (--min-free-disk).
      </span>
    </p>
  );
}
