import { CheckCheck, Rows3, Rows4, Trash2 } from 'lucide-react';
import type { Counts } from '../../../client/index.ts';
import type { Density } from '../setting.ts';
import { formatCount, mails } from '../widgets/format.ts';
import { IconButton } from '../widgets/IconButton.tsx';
import './header.css';

interface Props {
  readonly query: string;
  readonly matched: number;
  readonly counts: Counts | null;
  readonly density: Density;
  readonly onDensity: (density: Density) => void;
  readonly onReadAll: () => void;
  readonly onDeleteAll: () => void;
}

export function ListHeader({ query, matched, counts, density, onDensity, onReadAll, onDeleteAll }: Props) {
  const searching = query !== '';
  const unread = counts?.unread ?? 0;
  return (
    <div className="list-header">
      <h1>
        {counts === null ? 'Mails' : searching ? `${formatCount(matched)} found` : mails(matched)}
        {!searching && unread > 0 && <span className="quiet"> · {formatCount(unread)} unread</span>}
      </h1>
      <IconButton
        icon={density === 'compact' ? Rows3 : Rows4}
        label={density === 'compact' ? 'Show larger rows' : 'Show smaller rows'}
        onClick={() => onDensity(density === 'compact' ? 'comfortable' : 'compact')}
      />
      <IconButton
        icon={CheckCheck}
        label={searching ? 'Mark all found as read' : 'Mark all as read'}
        shortcut="Shift+I"
        disabled={matched === 0 || unread === 0}
        onClick={onReadAll}
      />
      <IconButton
        icon={Trash2}
        label={searching ? 'Delete all found…' : 'Delete all…'}
        disabled={matched === 0}
        onClick={onDeleteAll}
      />
    </div>
  );
}
