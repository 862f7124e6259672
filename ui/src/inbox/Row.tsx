import { Flag, Paperclip, Pin, TriangleAlert } from 'lucide-react';
import { type MouseEvent, memo } from 'react';
import type { Address, Summary } from '../../../client/index.ts';
import { displayName, fullAddress } from '../widgets/format.ts';
import { exactTime, listTime } from '../widgets/time.ts';

interface Props {
  readonly message: Summary;
  readonly href: string;
  readonly index: number;
  readonly count: number;
  readonly top: number;
  /** The open message. */
  readonly selected: boolean;
  /** Selected by keyboard. */
  readonly current: boolean;
  /** The current minute, which times are relative to. */
  readonly minute: number;
  readonly onOpen: (id: string) => void;
}

export const rowId = (id: string) => `mail-${id}`;

export const Row = memo(function Row({ message, href, index, count, top, selected, current, ...rest }: Props) {
  const { id, from, envelope, to, cc, bcc, subject, preview, attachments, omitted, read, pinned, flagged, warnings } =
    message;
  const receivedAt = new Date(message.receivedAt);
  const recipients = [...to, ...cc, ...bcc];
  const unlisted = omitted ? omitted.to + omitted.cc + omitted.bcc : 0;
  const names = recipients.map(fullAddress).join('\n') + (unlisted > 0 ? `\nand ${unlisted} more` : '');
  const files = attachments?.filter(({ inline }) => !inline).length ?? 0;
  const fileCount = omitted?.attachments ? `${files}+` : String(files);
  const sender = from ?? (envelope.from === '' ? null : { name: '', address: envelope.from });

  const onClick = (event: MouseEvent) => {
    // With a modifier, let the browser open a new tab or window.
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    rest.onOpen(id);
  };

  return (
    <a
      id={rowId(id)}
      className={`row${read ? '' : ' unread'}${current ? ' current' : ''}`}
      role="option"
      aria-selected={selected}
      aria-posinset={index + 1}
      aria-setsize={count}
      tabIndex={-1}
      href={href}
      draggable={false}
      style={{ transform: `translateY(${top}px)` }}
      onClick={onClick}
    >
      <span className="row-mark">{!read && <span className="visually-hidden">Unread. </span>}</span>
      <span className="row-people">
        <span className="row-sender" title={sender ? fullAddress(sender) : undefined}>
          {sender ? displayName(sender) : 'No sender'}
        </span>
        <span className="row-recipients" title={names}>
          <span className="row-to">to </span>
          {nameRecipients(recipients, unlisted)}
        </span>
      </span>
      <time className="row-time" dateTime={message.receivedAt} title={exactTime(receivedAt)}>
        {listTime(receivedAt, new Date(rest.minute))}
      </time>
      <span className={subject ? 'row-subject' : 'row-subject none'} dir="auto">
        {subject || '(no subject)'}
      </span>
      <span className="row-preview" dir="auto">
        {preview ?? ''}
      </span>
      {(pinned || flagged || files > 0 || warnings.length > 0) && (
        <span className="row-signs">
          {warnings.length > 0 && (
            <span className="row-warning" title={warnings.map(({ text }) => text).join('\n')}>
              <TriangleAlert size={12} strokeWidth={1.75} aria-hidden />
              <span className="visually-hidden">
                {warnings.length === 1 ? '1 warning' : `${warnings.length} warnings`}
              </span>
            </span>
          )}
          {pinned && (
            <span className="row-pin" title="Pinned: limits never remove it">
              <Pin size={12} strokeWidth={1.75} aria-hidden />
              <span className="visually-hidden">Pinned</span>
            </span>
          )}
          {flagged && (
            <span className="row-flag" title="Flagged">
              <Flag size={12} strokeWidth={1.75} aria-hidden />
              <span className="visually-hidden">Flagged</span>
            </span>
          )}
          {files > 0 && (
            <span className="row-files" title={files === 1 ? '1 attachment' : `${fileCount} attachments`}>
              <Paperclip size={12} strokeWidth={1.75} aria-hidden />
              {fileCount}
              <span className="visually-hidden">{files === 1 ? ' attachment' : ' attachments'}</span>
            </span>
          )}
        </span>
      )}
    </a>
  );
});

/** @param unlisted how many more there are */
function nameRecipients([first, ...others]: readonly Address[], unlisted: number): string {
  if (!first) return 'nobody';
  const more = others.length + unlisted;
  return more === 0 ? displayName(first) : `${displayName(first)} + ${more}`;
}

/** Placeholder for a row that is not loaded yet, of the same size. */
export function SkeletonRow({ index, top }: { readonly index: number; readonly top: number }) {
  return (
    <div className="row skeleton" aria-hidden style={{ transform: `translateY(${top}px)` }}>
      <span className="row-mark" />
      <span className="row-people">
        <span className="bone" style={{ width: `${30 + ((index * 7) % 25)}%` }} />
      </span>
      <span className="row-subject">
        <span className="bone" style={{ width: `${50 + ((index * 13) % 35)}%` }} />
      </span>
    </div>
  );
}
