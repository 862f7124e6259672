import './toast.css';
import './button.css';

export interface Notice {
  readonly text: string;
  readonly action?: { readonly label: string; readonly shortcut?: string; readonly run: () => void };
}

/** Says what has just happened, with a button to undo it if possible. Read out without taking the focus. */
export function Toast({ notice }: { readonly notice: Notice | null }) {
  return (
    <div className="toasts" role="status">
      {notice && (
        <div className="toast">
          <span>{notice.text}</span>
          {notice.action && (
            <button
              type="button"
              title={notice.action.shortcut ? `${notice.action.label} (${notice.action.shortcut})` : undefined}
              aria-keyshortcuts={notice.action.shortcut}
              onClick={notice.action.run}
            >
              {notice.action.label}
            </button>
          )}
        </div>
      )}
    </div>
  );
}
