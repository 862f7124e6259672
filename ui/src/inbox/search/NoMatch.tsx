import { useState } from 'react';
import type { Api } from '../../../../client/index.ts';
import { mails } from '../../widgets/format.ts';
import { usePartCounts } from '../usePartCounts.ts';
import { partsOf } from './query-parts.ts';
import './no-match.css';

const NO_PARTS: readonly string[] = [];

interface Props {
  readonly api: Api;
  readonly query: string;
  /** Of all mails. */
  readonly total: number;
  /** False: only when asked to. */
  readonly countsParts: boolean;
  readonly onClear: () => void;
}

/** Shown when nothing matches. For a query with several parts, shows how many mails match each of them. */
export function NoMatch({ api, query, total, countsParts, onClear }: Props) {
  const [isCounting, setCounting] = useState(countsParts);
  const parts = partsOf(query);
  const counts = usePartCounts(api, isCounting ? parts : NO_PARTS, total);
  return (
    <div className="list-empty" role="status">
      <strong>No mail matches</strong>
      {counts.length === 0 ? (
        <code>{query}</code>
      ) : (
        <dl className="no-match">
          {counts.map(({ part, matched }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: parts can repeat, and their order is fixed
            <div key={index} className={matched === 0 ? 'to-blame' : undefined}>
              <dt>
                <code>{part}</code>
              </dt>
              <dd>{matched === 0 ? 'no mail' : mails(matched)}</dd>
            </div>
          ))}
        </dl>
      )}
      {counts.length > 0 && counts.every(({ matched }) => matched > 0) && (
        <p>Each part matches some mail, but no mail matches all of them.</p>
      )}
      {/* A query from the address may be another page's: whether it sends more requests must not depend on the mail. */}
      {!isCounting && parts.length > 0 && (
        <button type="button" className="link-button" onClick={() => setCounting(true)}>
          Count what each part finds
        </button>
      )}
      <button type="button" className="button" onClick={onClear}>
        Clear the search
      </button>
    </div>
  );
}
