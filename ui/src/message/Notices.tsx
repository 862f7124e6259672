import { useState } from 'react';
import type { Message } from '../../../client/index.ts';
import './notices.css';

/** How many are shown before the rest is collapsed, so that the mail stays in view. */
const SHOWN = 2;

/** What was wrong with the mail, or with how it was sent. */
export function Notices({ message: { problem, warnings } }: { readonly message: Message }) {
  const [open, setOpen] = useState(false);
  const lines = [
    ...(problem === null ? [] : [`Not all of this mail could be read: ${problem} Its source is complete.`]),
    ...warnings.map(({ text }) => text),
  ];
  if (lines.length === 0) return null;
  // One more line takes no more space than the button.
  const folds = lines.length > SHOWN + 1;
  const rest = lines.length - SHOWN;
  return (
    <div className="message-notices">
      <ul id="message-notices">
        {(folds && !open ? lines.slice(0, SHOWN) : lines).map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines can repeat, and their order is fixed
          <li key={index}>{line}</li>
        ))}
      </ul>
      {folds && (
        <button
          type="button"
          className="link-button"
          aria-expanded={open}
          aria-controls="message-notices"
          onClick={() => setOpen(!open)}
        >
          {open ? 'Show fewer' : `Show ${rest} more warnings`}
        </button>
      )}
    </div>
  );
}
