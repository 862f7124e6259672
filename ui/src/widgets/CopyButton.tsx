import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { copy } from './clipboard.ts';
import './button.css';

interface Props {
  readonly text: string;
  /** What is copied, as in "Copy address". */
  readonly what: string;
  /** Shows the label beside the icon. */
  readonly labelled?: boolean;
  /** The key that does the same. */
  readonly shortcut?: string;
}

/** Copies the text and confirms it. */
export function CopyButton({ text, what, labelled = false, shortcut }: Props) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1500);
    return () => clearTimeout(timer);
  }, [copied]);
  const Icon = copied ? Check : Copy;
  const label = copied ? 'Copied' : `Copy ${what}`;
  return (
    <button
      type="button"
      className={labelled ? 'button copy' : 'icon-button copy'}
      title={shortcut ? `${label} (${shortcut})` : label}
      aria-label={label}
      aria-keyshortcuts={shortcut}
      onClick={async () => setCopied(await copy(text))}
    >
      <Icon size={labelled ? 14 : 15} strokeWidth={1.75} aria-hidden />
      {labelled && (copied ? 'Copied' : 'Copy')}
    </button>
  );
}
