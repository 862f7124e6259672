import { KEY_HELP } from '../keys.ts';
import { Dialog } from './Dialog.tsx';
import './key-list.css';

export function KeyList({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog title="Keys" onClose={onClose}>
      <dl className="key-list">
        {KEY_HELP.map(([keys, does]) => (
          <div key={keys}>
            <dt>{does}</dt>
            <dd>{keys}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
