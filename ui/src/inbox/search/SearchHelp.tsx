import type { RefObject } from 'react';
import { usePanel } from '../usePanel.ts';
import { QUERY_HELP } from './query-help.ts';
import './search-help.css';

interface Props {
  readonly id: string;
  readonly onInsert: (example: string) => void;
  /** Called after a click elsewhere, or when the focus moves elsewhere. */
  readonly onLeave: () => void;
  /** The search box; focus and clicks in it count as inside. */
  readonly home: RefObject<HTMLElement | null>;
}

/** Examples of the search language; each is a button that inserts it into the search box. */
export function SearchHelp({ id, onInsert, onLeave, home }: Props) {
  const panel = usePanel('button', onLeave, home);
  return (
    <section ref={panel} id={id} className="search-help" role="dialog" tabIndex={-1} aria-label="Search help">
      {QUERY_HELP.map(({ title, examples }) => (
        <div key={title}>
          <h3>{title}</h3>
          <dl>
            {examples.map(({ query, finds }) => (
              <div key={query}>
                <dt>
                  <button type="button" title="Insert into the search box" onClick={() => onInsert(query)}>
                    <code>{query}</code>
                  </button>
                </dt>
                <dd>{finds}</dd>
              </div>
            ))}
          </dl>
        </div>
      ))}
    </section>
  );
}
