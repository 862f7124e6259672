import { useState } from 'react';
import type { Mailboxes as Boxes, Counts, Search } from '../../../client/index.ts';
import { formatCount } from '../widgets/format.ts';
import { addressQuery, usernameQuery } from './search/mailbox-query.ts';
import './mailboxes.css';

interface Props {
  readonly boxes: Boxes | null;
  readonly counts: Counts | null;
  readonly searches: readonly Search[];
  readonly query: string;
  readonly onQuery: (query: string) => void;
}

/** With more entries than this, a filter field is shown. */
const MANY = 12;
const SHOWN = 200;

/** What an entry shows beside its name. Without a total, it shows no count. */
interface Beside {
  readonly total?: number;
  readonly unread?: number;
  readonly hint?: string;
}

/** Mailboxes by recipient and by the username that sent the mail. */
export function Mailboxes({ boxes, counts, searches, query, onQuery }: Props) {
  const [filter, setFilter] = useState('');
  const wanted = filter.trim().toLowerCase();
  const addresses = (boxes?.addresses ?? []).filter(({ name }) => name.toLowerCase().includes(wanted));
  const usernames = boxes?.usernames ?? [];
  const item = (label: string, to: string, { total, unread = 0, hint = label }: Beside) => (
    <li key={label}>
      <button
        type="button"
        className="mailbox"
        aria-current={query === to ? 'true' : undefined}
        title={hint}
        onClick={() => onQuery(to)}
      >
        <span className={unread > 0 ? 'mailbox-name unread' : 'mailbox-name'}>{label}</span>
        {total !== undefined && <span className="mailbox-count">{formatCount(total)}</span>}
      </button>
    </li>
  );

  return (
    <nav className="mailboxes" aria-label="Mailboxes">
      <ul>
        {item('All', '', { total: counts?.total ?? 0 })}
        {item('Unread', 'is:unread', { total: counts?.unread ?? 0 })}
      </ul>
      {searches.length > 0 && <h2>Saved</h2>}
      <ul>{searches.map(({ name, q }) => item(name, q, { hint: q }))}</ul>
      {(boxes?.addresses.length ?? 0) > 0 && <h2>Addresses</h2>}
      {(boxes?.addresses.length ?? 0) > MANY && (
        <input
          type="text"
          className="mailboxes-filter"
          placeholder="Filter"
          aria-label="Filter the addresses"
          value={filter}
          onChange={({ target }) => setFilter(target.value)}
        />
      )}
      <ul>
        {addresses.slice(0, SHOWN).map(({ name, total, unread }) => item(name, addressQuery(name), { total, unread }))}
      </ul>
      {addresses.length > SHOWN && <p>{formatCount(addresses.length - SHOWN)} more: filter to find them.</p>}
      {usernames.length > 0 && <h2>Users</h2>}
      <ul>
        {usernames.slice(0, SHOWN).map(({ name, total, unread }) => item(name, usernameQuery(name), { total, unread }))}
      </ul>
    </nav>
  );
}
