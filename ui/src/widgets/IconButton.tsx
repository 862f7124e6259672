import type { LucideIcon } from 'lucide-react';
import './button.css';

interface Props {
  readonly icon: LucideIcon;
  /** What it does; shown on hover, and read out. */
  readonly label: string;
  /** The key that does the same. */
  readonly shortcut?: string;
  readonly onClick: () => void;
  readonly disabled?: boolean;
  readonly pressed?: boolean;
  readonly className?: string;
}

export function IconButton({ icon: Icon, label, shortcut, onClick, disabled, pressed, className = '' }: Props) {
  return (
    <button
      type="button"
      className={`icon-button ${className}`}
      title={shortcut ? `${label} (${shortcut})` : label}
      aria-label={label}
      aria-keyshortcuts={shortcut}
      aria-pressed={pressed}
      disabled={disabled}
      onClick={onClick}
    >
      <Icon size={16} strokeWidth={1.75} aria-hidden />
    </button>
  );
}
