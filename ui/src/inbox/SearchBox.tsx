import { CircleQuestionMark, Search, X } from 'lucide-react';
import { type KeyboardEvent, type RefObject, useEffect, useRef, useState } from 'react';
import { QueryError } from './QueryError.tsx';
import { insertExample } from './query-help.ts';
import { SearchHelp } from './SearchHelp.tsx';
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
  const [help, setHelp] = useState(false);
  const box = useRef<HTMLElement>(null);
  const helpFrom = useRef<HTMLElement | null>(null);

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

  const openHelp = () => {
    // Not every browser gives the focus to a button that is clicked.
    const { activeElement } = document;
    const here = activeElement instanceof HTMLElement && box.current?.contains(activeElement);
    helpFrom.current = here ? activeElement : field.current;
    setHelp(true);
  };
  const closeHelp = () => {
    setHelp(false);
    helpFrom.current?.focus();
  };
  const insert = (example: string) => {
    const { text: next, from, to } = insertExample(text, example);
    setHelp(false);
    setText(next);
    const { current: input } = field;
    if (!input) return;
    // The value is what will be typed over; it can only be selected once it is there.
    input.value = next;
    input.focus();
    input.setSelectionRange(from, to);
  };
  const onKeyDownCapture = (event: KeyboardEvent) => {
    const opens = event.key === 'ArrowDown' && event.altKey && !help;
    if (!opens && !(help && event.key === 'Escape')) return;
    event.preventDefault();
    event.stopPropagation();
    if (opens) openHelp();
    else closeHelp();
  };
  const shownError = help ? null : error;

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
        aria-describedby={shownError === null ? undefined : 'search-error'}
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
      <button
        type="button"
        title="Search help (Alt ↓)"
        aria-label="Search help"
        aria-keyshortcuts="Alt+ArrowDown"
        aria-haspopup="dialog"
        aria-expanded={help}
        aria-controls={help ? 'search-help' : undefined}
        onClick={() => (help ? closeHelp() : openHelp())}
      >
        <CircleQuestionMark size={15} strokeWidth={1.75} aria-hidden />
      </button>
      {shownError !== null && <QueryError id="search-error" query={query} detail={shownError} />}
      {help && <SearchHelp id="search-help" onInsert={insert} onLeave={() => setHelp(false)} home={box} />}
    </search>
  );
}
