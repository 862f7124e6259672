import { CheckCheck, Rows3, Rows4, Trash2 } from 'lucide-react';
import type { Counts } from '../../../client/index.ts';
import type { Density } from '../setting.ts';
import { formatCount, mails } from '../widgets/format.ts';
import { IconButton } from '../widgets/IconButton.tsx';
import './header.css';

interface Props {
  readonly query: string;
  /** The query is invalid, so the list still shows the previous search. */
  readonly unreadable: boolean;
  readonly matched: number;
  readonly counts: Counts | null;
  readonly density: Density;
  readonly onDensity: (density: Density) => void;
  readonly onReadAll: () => void;
  readonly onDeleteAll: () => void;
}

export function ListHeader({ query, unreadable, matched, counts, density, onDensity, onReadAll, onDeleteAll }: Props) {
  const searching = query !== '';
  const unread = counts?.unread ?? 0;
  const nothing = matched === 0 || unreadable;
  const found = unreadable ? 'Check the search' : `${formatCount(matched)} found`;
  return (
    <div className="list-header">
      <h1>
        {counts === null ? 'Mails' : searching ? found : mails(matched)}
        {!searching && unread > 0 && <span className="quiet"> · {formatCount(unread)} unread</span>}
      </h1>
      <IconButton
        icon={density === 'compact' ? Rows3 : Rows4}
        label={density === 'compact' ? 'Show larger rows' : 'Show smaller rows'}
        onClick={() => onDensity(density === 'compact' ? 'comfortable' : 'compact')}
      />
      <IconButton
        icon={CheckCheck}
        label={searching ? 'Mark all matching as read' : 'Mark all as read'}
        shortcut="Shift+I"
        disabled={nothing || unread === 0}
        onClick={onReadAll}
      />
      <IconButton
        icon={Trash2}
        label={searching ? 'Delete all matching…' : 'Delete all…'}
        disabled={nothing}
        onClick={onDeleteAll}
      />
    </div>
  );
}
