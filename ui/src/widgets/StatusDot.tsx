import { clockTime } from './time.ts';
import './status.css';

interface Props {
  readonly link: 'connecting' | 'live' | 'offline';
  readonly offlineSince: Date | null;
}

/** Whether what is shown is the present. */
export function StatusDot({ link, offlineSince }: Props) {
  const text = {
    connecting: 'Connecting',
    live: 'Live',
    offline: offlineSince ? `Offline · shown as of ${clockTime(offlineSince)}` : 'Offline',
  }[link];
  const title = {
    connecting: 'Connecting to Mailstop',
    live: 'New mail appears by itself',
    offline: 'Mailstop does not answer. This page comes back by itself when it does.',
  }[link];
  return (
    <span className={`status ${link}`} role="status" title={title}>
      <span className="status-dot" />
      <span className="status-text">{text}</span>
    </span>
  );
}
