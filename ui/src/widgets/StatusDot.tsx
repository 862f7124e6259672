import { clockTime } from './time.ts';
import './status.css';

interface Props {
  readonly link: 'connecting' | 'live' | 'offline';
  readonly offlineSince: Date | null;
  /** Progress of the start; null once it is finished. */
  readonly starting: string | null;
  /** The disk is full, so mail is refused. */
  readonly full: boolean;
}

/** Shows whether the page is up to date and whether mail is accepted. */
export function StatusDot({ link, offlineSince, starting, full }: Props) {
  const state = starting !== null ? 'starting' : link === 'live' && full ? 'full' : link;
  const text = {
    starting: 'Starting',
    connecting: 'Connecting',
    live: 'Live',
    full: 'Disk full',
    offline: offlineSince ? `Offline · shown as of ${clockTime(offlineSince)}` : 'Offline',
  }[state];
  const title = {
    starting: starting ?? '',
    connecting: 'Connecting to Mailstop',
    live: 'New mail appears automatically',
    full: 'New mail is refused until there is room on the disk',
    offline: 'Mailstop does not answer. This page reconnects automatically.',
  }[state];
  return (
    <span className={`status ${state}`} role="status" title={title}>
      <span className="status-dot" />
      <span className="status-text">{text}</span>
    </span>
  );
}
