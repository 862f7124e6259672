import { Dialog } from './Dialog.tsx';
import { formatCount, mails } from './format.ts';
import './button.css';

interface Props {
  readonly query: string;
  readonly count: number;
  readonly onDelete: () => void;
  readonly onClose: () => void;
}

/** Asks first, since deleting many mails can't be undone. */
export function DeleteAll({ query, count, onDelete, onClose }: Props) {
  const searching = query !== '';
  return (
    <Dialog title={searching ? `Delete what matches “${query}”?` : 'Delete everything?'} onClose={onClose}>
      <p>{searching ? 'The other mails stay. ' : ''}This can't be undone.</p>
      <div className="dialog-buttons">
        <button type="button" className="button" onClick={onClose}>
          Keep
        </button>
        <button
          type="button"
          className="button danger"
          onClick={() => {
            onDelete();
            onClose();
          }}
        >
          {searching ? `Delete ${formatCount(count)} matching` : `Delete ${mails(count)}`}
        </button>
      </div>
    </Dialog>
  );
}
