import { ArrowLeft, Download, Flag, FlagOff, Mail, MailOpen, Pin, PinOff, Trash2, X } from 'lucide-react';
import type { Address, Api, Message, Summary } from '../../../client/index.ts';
import type { Flags } from '../../../wire/flags.ts';
import { formatSize, fullAddress } from '../widgets/format.ts';
import { IconButton } from '../widgets/IconButton.tsx';
import { exactTime } from '../widgets/time.ts';
import { envelopeDiffers } from './parts.ts';
import './head.css';

interface Props {
  readonly api: Api;
  readonly message: Summary;
  /** The same mail with its body, once it is loaded. */
  readonly full: Message | null;
  readonly onMark: (flags: Partial<Flags>) => void;
  readonly onDelete: () => void;
  readonly onClose: () => void;
}

export function MessageHead({ api, message, full, onMark, onDelete, onClose }: Props) {
  const { id, subject, from, to, cc, replyTo, envelope, receivedAt, size, read, pinned, flagged } = message;
  return (
    <header className="head">
      <div className="head-bar">
        <IconButton
          className="head-back"
          icon={ArrowLeft}
          label="Back to the list"
          shortcut="Escape"
          onClick={onClose}
        />
        <span className="head-facts">
          <time dateTime={receivedAt} title={receivedAt}>
            {exactTime(new Date(receivedAt))}
          </time>
          {' · '}
          {formatSize(size)}
        </span>
        <IconButton
          icon={read ? Mail : MailOpen}
          label={read ? 'Mark as unread' : 'Mark as read'}
          shortcut="U"
          onClick={() => onMark({ read: !read })}
        />
        <IconButton
          icon={pinned ? PinOff : Pin}
          label={pinned ? 'Unpin' : 'Pin (limits never remove pinned mail)'}
          shortcut="P"
          pressed={pinned}
          onClick={() => onMark({ pinned: !pinned })}
        />
        <IconButton
          icon={flagged ? FlagOff : Flag}
          label={flagged ? 'Remove the flag' : 'Flag'}
          shortcut="F"
          pressed={flagged}
          onClick={() => onMark({ flagged: !flagged })}
        />
        <a
          className="icon-button"
          href={api.rawUrl(id)}
          download
          title="Download as .eml"
          aria-label="Download as .eml"
        >
          <Download size={16} strokeWidth={1.75} aria-hidden />
        </a>
        <IconButton icon={Trash2} label="Delete" shortcut="#" onClick={onDelete} />
        <IconButton className="head-close" icon={X} label="Close" shortcut="Escape" onClick={onClose} />
      </div>
      <h2 className={subject ? undefined : 'none'} dir="auto" title={subject ?? undefined}>
        {subject || '(no subject)'}
      </h2>
      <dl>
        <dt>From</dt>
        <dd>{from ? <Person {...from} /> : <span className="none">no From header</span>}</dd>
        <dt>To</dt>
        <dd>{to.length > 0 ? <People of={to} /> : <span className="none">no To header</span>}</dd>
        {cc.length > 0 && (
          <>
            <dt>Cc</dt>
            <dd>
              <People of={cc} />
            </dd>
          </>
        )}
        {replyTo.length > 0 && (
          <>
            <dt>Reply to</dt>
            <dd>
              <People of={replyTo} />
            </dd>
          </>
        )}
        {full && envelopeDiffers(full) && (
          <>
            <dt title="What the SMTP commands MAIL and RCPT said">Envelope</dt>
            <dd className="mono">
              <span className="head-person">{envelope.from || '<>'}</span> → {separated(envelope.to.slice(0, SHOWN))}
              {envelope.to.length > SHOWN && ` + ${envelope.to.length - SHOWN}`}
            </dd>
          </>
        )}
      </dl>
    </header>
  );
}

/** How many addresses are shown before the rest is collapsed. */
const SHOWN = 4;

function People({ of }: { readonly of: readonly Address[] }) {
  const first = of.slice(0, SHOWN);
  const rest = of.slice(SHOWN);
  return (
    <>
      {separated(first)}
      {rest.length > 0 && (
        <details className="head-more">
          <summary>{rest.length} more</summary>
          {separated(rest)}
        </details>
      )}
    </>
  );
}

function separated(people: readonly (Address | string)[]) {
  return people.map((person, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: addresses can repeat, and their order is fixed
    <span key={index}>
      {index > 0 && ', '}
      <Person {...(typeof person === 'string' ? { name: '', address: person } : person)} />
    </span>
  ));
}

function Person({ name, address }: Address) {
  if (name.trim() === '') {
    return (
      <span className="head-person" title={address}>
        {address}
      </span>
    );
  }
  return (
    <span className="head-person" title={fullAddress({ name, address })}>
      <bdi>{name}</bdi> <span className="head-address">&lt;{address}&gt;</span>
    </span>
  );
}
