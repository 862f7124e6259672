import type { KeyboardEvent, ReactNode } from 'react';
import './tabs.css';

export interface TabOf<T extends string> {
  readonly name: T;
  readonly label: ReactNode;
  readonly title?: string;
}

interface Props<T extends string> {
  readonly tabs: readonly TabOf<T>[];
  readonly selected: T;
  readonly onSelect: (name: T) => void;
  /** Name of the tabs for screen readers. */
  readonly label: string;
  /** Distinguishes these tabs from others on the page; the id of the panel is `{group}-panel`. */
  readonly group: string;
}

/** Tabs: one tab stop, and arrow keys to move between them (WAI-ARIA Authoring Practices, Tabs). */
export function Tabs<T extends string>({ tabs, selected, onSelect, label, group }: Props<T>) {
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const at = tabs.findIndex(({ name }) => name === selected);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
    const next = to === undefined ? undefined : tabs.at(to % tabs.length);
    if (!next) return;
    event.preventDefault();
    event.stopPropagation();
    onSelect(next.name);
    document.getElementById(`${group}-${tabs.indexOf(next)}`)?.focus();
  };
  return (
    <div className="tabs" role="tablist" aria-label={label} onKeyDown={onKeyDown}>
      {tabs.map(({ name, label: text, title }, index) => (
        <button
          key={name}
          id={`${group}-${index}`}
          type="button"
          role="tab"
          title={title}
          aria-selected={name === selected}
          aria-controls={`${group}-panel`}
          tabIndex={name === selected ? 0 : -1}
          onClick={() => onSelect(name)}
        >
          {text}
        </button>
      ))}
    </div>
  );
}
