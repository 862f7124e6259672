import { Trash2 } from 'lucide-react';
import { type FormEvent, type RefObject, useState } from 'react';
import type { Search } from '../../../../client/index.ts';
import { IconButton } from '../../widgets/IconButton.tsx';
import { usePanel } from '../usePanel.ts';
import './saved-searches.css';

interface Props {
  readonly id: string;
  readonly searches: readonly Search[];
  /** The query in the search box; empty if there is none or it is invalid. */
  readonly query: string;
  readonly onSave: (search: Search) => void;
  readonly onRemove: (name: string) => void;
  readonly onPick: (query: string) => void;
  readonly onLeave: () => void;
  readonly home: RefObject<HTMLElement | null>;
}

/** The saved searches, and a field to save the current one under a name. */
export function SavedSearches({ id, searches, query, onSave, onRemove, onPick, onLeave, home }: Props) {
  const panel = usePanel('input, button', onLeave, home);
  const [name, setName] = useState(query.slice(0, LONGEST_NAME));
  const saved = searches.find(({ q }) => q === query);
  const trimmed = name.trim();
  const replaces = searches.some((search) => search.name === trimmed);
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (trimmed !== '') onSave({ name: trimmed, q: query });
  };
  return (
    <section ref={panel} id={id} className="saved" role="dialog" tabIndex={-1} aria-label="Saved searches">
      {query !== '' && !saved && (
        <form className="saved-form" onSubmit={onSubmit}>
          <label htmlFor="saved-name">Save this search as</label>
          <input
            id="saved-name"
            type="text"
            value={name}
            maxLength={LONGEST_NAME}
            autoComplete="off"
            onFocus={({ target }) => target.select()}
            onChange={({ target }) => setName(target.value)}
          />
          <button type="submit" className="button main" disabled={trimmed === ''}>
            {replaces ? 'Replace' : 'Save'}
          </button>
        </form>
      )}
      {saved && (
        <p className="saved-note" role="status">
          This search is saved as “{saved.name}”.
        </p>
      )}
      {searches.length === 0 && query === '' && (
        <p className="saved-note">No searches are saved yet. Search for something, then save it here under a name.</p>
      )}
      {searches.length > 0 && (
        <ul>
          {searches.map((search) => (
            <li key={search.name}>
              <button type="button" className="saved-pick" title={search.q} onClick={() => onPick(search.q)}>
                <span>{search.name}</span>
                {search.name !== search.q && <code>{search.q}</code>}
              </button>
              <IconButton icon={Trash2} label={`Remove “${search.name}”`} onClick={() => onRemove(search.name)} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

const LONGEST_NAME = 100;
