import { useMemo, useState } from 'react';
import { formatCount } from '../widgets/format.ts';
import { linkify } from './linkify.ts';
import '../widgets/button.css';

/** How many characters are shown at first: quick to lay out, and more than anyone reads. */
const FIRST = 200_000;

/** The plain text as sent, with clickable links. */
export function TextView({ text }: { readonly text: string | null }) {
  const [all, setAll] = useState(false);
  const stretches = useMemo(() => {
    const first = linkify((text ?? '').slice(0, FIRST));
    // No links beyond this point: a browser can't handle a million of them.
    const rest = all && text ? text.slice(FIRST) : '';
    return rest === '' ? first : [...first, { text: rest, href: null }];
  }, [text, all]);
  if (text === null || text.trim() === '') {
    return (
      <div className="message-blank">
        <strong>{text === null ? 'This mail has no body' : 'The text of this mail is empty'}</strong>
        <p>Its headers and source are in the other tabs.</p>
      </div>
    );
  }
  let at = 0;
  return (
    <div className="part-text" dir="auto">
      {stretches.map(({ text: part, href }) => {
        const key = at;
        at += part.length;
        if (href === null) return part;
        return (
          <a key={key} href={href} target="_blank" rel="noreferrer noopener">
            {part}
          </a>
        );
      })}
      {!all && text.length > FIRST && (
        <p>
          <button type="button" className="button" onClick={() => setAll(true)}>
            Show the other {formatCount(text.length - FIRST)} characters
          </button>
        </p>
      )}
    </div>
  );
}
