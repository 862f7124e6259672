import { Search, X } from 'lucide-react';
import { type RefObject, useEffect, useRef, useState } from 'react';
import './search.css';

interface Props {
  readonly query: string;
  readonly onQuery: (query: string) => void;
  /** What the server says is wrong with the query. */
  readonly error: string | null;
  readonly field: RefObject<HTMLInputElement | null>;
}

/** Typing rests this long before the question is asked. */
const PAUSE_MS = 150;

export function SearchBox({ query, onQuery, error, field }: Props) {
  const [text, setText] = useState(query);
  const told = useRef(query);

  // The query also changes from outside: by going back, or by picking a mailbox.
  useEffect(() => {
    if (query === told.current) return;
    told.current = query;
    setText(query);
  }, [query]);

  useEffect(() => {
    const next = text.trim();
    if (next === told.current) return;
    const timer = setTimeout(() => {
      told.current = next;
      onQuery(next);
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text, onQuery]);

  const ask = (next: string) => {
    setText(next);
    told.current = next.trim();
    onQuery(next.trim());
  };

  return (
    <search className="search">
      <Search size={15} strokeWidth={1.75} aria-hidden />
      <input
        ref={field}
        type="text"
        value={text}
        placeholder="Search, or from:shop is:unread has:attachment"
        aria-label="Search mails"
        aria-keyshortcuts="/"
        aria-invalid={error !== null}
        aria-describedby={error === null ? undefined : 'search-error'}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        enterKeyHint="search"
        onChange={({ target }) => setText(target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') ask(text);
          if (event.key !== 'Escape') return;
          // The first Esc clears, the second leaves the field.
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
      {error !== null && (
        <p id="search-error" className="search-error" role="alert">
          {error}
        </p>
      )}
    </search>
  );
}
