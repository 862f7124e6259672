import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import './button.css';

interface Props {
  readonly text: string;
  /** What is copied, as in "Copy address". */
  readonly what: string;
  /** Spelled out beside the icon. */
  readonly labelled?: boolean;
}

/** Copies, and says that it has. */
export function CopyButton({ text, what, labelled = false }: Props) {
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
      title={label}
      aria-label={label}
      onClick={async () => setCopied(await copy(text))}
    >
      <Icon size={labelled ? 14 : 15} strokeWidth={1.75} aria-hidden />
      {labelled && (copied ? 'Copied' : 'Copy')}
    </button>
  );
}

/** The clipboard API is only there on https and on localhost; a container's name over http has the old command. */
async function copy(text: string): Promise<boolean> {
  if (navigator.clipboard) {
    return navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    );
  }
  const field = document.createElement('textarea');
  const focused = document.activeElement;
  field.value = text;
  document.body.append(field);
  field.select();
  const done = document.execCommand('copy');
  field.remove();
  if (focused instanceof HTMLElement) focused.focus();
  return done;
}
