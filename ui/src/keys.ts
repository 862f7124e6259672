import { useEffect, useRef } from 'react';

export type KeyAction =
  | 'next'
  | 'previous'
  | 'top'
  | 'bottom'
  | 'page-down'
  | 'page-up'
  | 'open'
  | 'toggle-read'
  | 'read-all'
  | 'toggle-pin'
  | 'toggle-flag'
  | 'delete'
  | 'undo'
  | 'copy-code'
  | 'search'
  | 'searches'
  | 'close'
  | 'help';

export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

const SINGLE: Readonly<Record<string, KeyAction>> = {
  j: 'next',
  ArrowDown: 'next',
  k: 'previous',
  ArrowUp: 'previous',
  Home: 'top',
  G: 'bottom',
  End: 'bottom',
  PageDown: 'page-down',
  PageUp: 'page-up',
  Enter: 'open',
  o: 'open',
  u: 'toggle-read',
  I: 'read-all',
  p: 'toggle-pin',
  f: 'toggle-flag',
  '#': 'delete',
  Delete: 'delete',
  z: 'undo',
  c: 'copy-code',
  '/': 'search',
  s: 'searches',
  Escape: 'close',
  '?': 'help',
};

/**
 * The action of a key, which may depend on the key before it.
 * @returns the action, and what to remember for the next key
 */
export function readKey(
  before: string,
  press: KeyPress,
): { readonly action: KeyAction | null; readonly before: string } {
  if (press.ctrlKey || press.metaKey || press.altKey) return { action: null, before: '' };
  if (press.key === 'g') return before === 'g' ? { action: 'top', before: '' } : { action: null, before: 'g' };
  return { action: SINGLE[press.key] ?? null, before: '' };
}

/** The list that `?` shows. */
export const KEY_HELP: readonly (readonly [keys: string, does: string])[] = [
  ['J or ↓', 'Next mail'],
  ['K or ↑', 'Previous mail'],
  ['G G', 'Newest mail'],
  ['Shift G', 'Oldest mail'],
  ['Page ↓, Page ↑', 'One page of the list'],
  ['Enter', 'Open the mail'],
  ['U', 'Mark as unread or read'],
  ['Shift I', 'Mark all as read'],
  ['P', 'Pin or unpin'],
  ['F', 'Set or remove the flag'],
  ['# or Delete', 'Delete'],
  ['Z', 'Undo the deletion'],
  ['C', 'Copy the code of the mail'],
  ['/', 'Search'],
  ['Enter or ↓', 'To the results, in the search box'],
  ['S', 'Saved searches'],
  ['Alt ↓', 'Search help, in the search box'],
  ['Esc', 'Close, or clear the search'],
  ['?', 'This list'],
];

/** Text fields and open dialogs handle their own keys. */
function isTaken(target: EventTarget | null): boolean {
  if (document.querySelector('dialog[open]')) return true;
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

/** Enter belongs to a focused button or link, except a row of the list. */
function hasOwnEnter(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('button, summary, a:not([role="option"])') !== null;
}

/** Whether arrow keys scroll the focused element, or move between tabs. */
function scrolls(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('[role="tabpanel"], [role="tablist"]') !== null;
}

/** Calls `act` for the keys of the page. */
export function useKeys(act: (action: KeyAction) => void): void {
  const latest = useRef(act);
  latest.current = act;
  useEffect(() => {
    let before = '';
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || isTaken(event.target)) return;
      const read = readKey(before, event);
      before = read.before;
      if (read.action === null) return;
      if (event.key === 'Enter' && hasOwnEnter(event.target)) return;
      if (/^(Arrow|Home|End|Page)/.test(event.key) && scrolls(event.target)) return;
      event.preventDefault();
      latest.current(read.action);
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, []);
}
