import { clockTime } from './time.ts';
import './status.css';

interface Props {
  readonly link: 'connecting' | 'live' | 'offline';
  readonly offlineSince: Date | null;
  /** How far the start is; null when it is over. */
  readonly starting: string | null;
  /** There is no room on the disk, and mail is refused. */
  readonly full: boolean;
}

/** Whether what is shown is the present, and whether mail is taken. */
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
