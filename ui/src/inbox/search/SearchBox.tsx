import { Bookmark, BookmarkCheck, CircleQuestionMark, Search, X } from 'lucide-react';
import { type KeyboardEvent, type MouseEvent, type RefObject, useEffect, useRef, useState } from 'react';
import type { Search as SavedSearch } from '../../../../client/index.ts';
import { QueryError } from './QueryError.tsx';
import { insertExample } from './query-help.ts';
import { SavedSearches } from './SavedSearches.tsx';
import { SearchHelp } from './SearchHelp.tsx';
import './search.css';

interface Props {
  readonly query: string;
  readonly onQuery: (query: string) => void;
  /** What the server says is wrong with the query. */
  readonly error: string | null;
  readonly field: RefObject<HTMLInputElement | null>;
  /** Gives the focus to the results. */
  readonly onResults: () => void;
  /** A search to show, but not to run before the user says so. */
  readonly held: string | null;
  readonly searches: readonly SavedSearch[];
  readonly onSave: (search: SavedSearch) => void;
  readonly onRemove: (name: string) => void;
  /** The button that opens the saved searches. */
  readonly savedButton: RefObject<HTMLButtonElement | null>;
}

/** Search after a pause of this length in typing. */
const PAUSE_MS = 150;

export function SearchBox({ query, onQuery, error, field, onResults, held, searches, savedButton, ...saving }: Props) {
  const [text, setText] = useState(held ?? query);
  const [isHeld, setHeld] = useState(held !== null);
  const told = useRef(query);
  const [panel, setPanel] = useState<'help' | 'saved' | null>(null);
  const box = useRef<HTMLElement>(null);
  const panelFrom = useRef<HTMLElement | null>(null);

  // The query also changes from elsewhere: going back, or selecting a mailbox.
  useEffect(() => {
    if (query === told.current) return;
    told.current = query;
    setText(query);
  }, [query]);

  useEffect(() => {
    const next = text.trim();
    if (next === told.current || isHeld) return;
    const timer = setTimeout(() => {
      told.current = next;
      onQuery(next);
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text, onQuery, isHeld]);

  // The search waits for Enter, so the focus is where Enter is heard.
  useEffect(() => {
    if (held !== null) field.current?.focus();
  }, [held, field]);

  const ask = (next: string) => {
    setHeld(false);
    setText(next);
    told.current = next.trim();
    onQuery(next.trim());
  };

  const open = (which: 'help' | 'saved', clicked = false) => {
    const { activeElement } = document;
    const here = activeElement instanceof HTMLElement && (!clicked || box.current?.contains(activeElement));
    // Not every browser focuses a clicked button.
    panelFrom.current = here ? activeElement : field.current;
    setPanel(which);
  };
  /** What had the focus gets it back: after `S` in the list, the keys of the list work again. */
  const close = () => {
    setPanel(null);
    panelFrom.current?.focus();
  };
  const toggle = (which: 'help' | 'saved') => (event: MouseEvent) => {
    if (panel === which) close();
    // A key that clicks the button does so without a mouse.
    else open(which, event.detail > 0);
  };
  const insert = (example: string) => {
    const { text: next, from, to } = insertExample(text, example);
    setPanel(null);
    setHeld(false);
    setText(next);
    const { current: input } = field;
    if (!input) return;
    // Set the value now, so that it can be selected.
    input.value = next;
    input.focus();
    input.setSelectionRange(from, to);
  };
  const onKeyDownCapture = (event: KeyboardEvent) => {
    const opens = event.key === 'ArrowDown' && event.altKey && panel !== 'help';
    if (!opens && !(panel !== null && event.key === 'Escape')) return;
    event.preventDefault();
    event.stopPropagation();
    if (opens) open('help');
    else close();
  };
  const shownError = panel === null ? error : null;
  const saved = searches.some(({ q }) => q === query);

  return (
    <search className="search" ref={box} onKeyDownCapture={onKeyDownCapture}>
      <Search size={15} strokeWidth={1.75} aria-hidden />
      <input
        ref={field}
        type="text"
        value={text}
        placeholder="Search, or from:shop is:unread has:attachment"
        aria-label="Search mails"
        aria-keyshortcuts="/"
        aria-invalid={error !== null}
        aria-describedby={isHeld ? 'search-held' : shownError === null ? undefined : 'search-error'}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        enterKeyHint="search"
        onChange={({ target }) => {
          setHeld(false);
          setText(target.value);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') ask(text);
          if (event.key === 'Enter' || event.key === 'ArrowDown') {
            // Otherwise the same key would act in the list, too.
            event.preventDefault();
            onResults();
          }
          if (event.key !== 'Escape') return;
          // The first Esc clears the field, the second leaves it.
          if (text === '') event.currentTarget.blur();
          else ask('');
        }}
      />
      {text === '' ? (
        <kbd title="Press / to search">/</kbd>
      ) : (
        <button
          type="button"
          title="Clear the search (Esc)"
          aria-label="Clear the search"
          onClick={() => {
            ask('');
            field.current?.focus();
          }}
        >
          <X size={14} aria-hidden />
        </button>
      )}
      <button
        ref={savedButton}
        type="button"
        className={saved ? 'search-saved' : undefined}
        title={saved ? 'Saved searches, including this one (S)' : 'Save this search, or pick a saved one (S)'}
        aria-label="Saved searches"
        aria-keyshortcuts="S"
        aria-haspopup="dialog"
        aria-expanded={panel === 'saved'}
        aria-controls={panel === 'saved' ? 'saved-searches' : undefined}
        onClick={toggle('saved')}
      >
        {saved ? (
          <BookmarkCheck size={15} strokeWidth={1.75} aria-hidden />
        ) : (
          <Bookmark size={15} strokeWidth={1.75} aria-hidden />
        )}
      </button>
      <button
        type="button"
        title="Search help (Alt ↓)"
        aria-label="Search help"
        aria-keyshortcuts="Alt+ArrowDown"
        aria-haspopup="dialog"
        aria-expanded={panel === 'help'}
        aria-controls={panel === 'help' ? 'search-help' : undefined}
        onClick={toggle('help')}
      >
        <CircleQuestionMark size={15} strokeWidth={1.75} aria-hidden />
      </button>
      {isHeld && (
        <p id="search-held" className="search-held" role="status">
          This search came with a link. Press Enter to run it.
        </p>
      )}
      {shownError !== null && <QueryError id="search-error" query={query} detail={shownError} />}
      {panel === 'help' && <SearchHelp id="search-help" onInsert={insert} onLeave={() => setPanel(null)} home={box} />}
      {panel === 'saved' && (
        <SavedSearches
          key={query}
          id="saved-searches"
          searches={searches}
          query={error === null ? query : ''}
          {...saving}
          onPick={(picked) => {
            close();
            ask(picked);
          }}
          onLeave={() => setPanel(null)}
          home={box}
        />
      )}
    </search>
  );
}
