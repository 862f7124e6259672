import type { Api } from '../../../../client/index.ts';
import { mails } from '../../widgets/format.ts';
import { usePartCounts } from '../usePartCounts.ts';
import './no-match.css';

interface Props {
  readonly api: Api;
  readonly query: string;
  /** Of all mails. */
  readonly total: number;
  readonly onClear: () => void;
}

/** Shown when nothing matches. For a query with several parts, shows how many mails match each of them. */
export function NoMatch({ api, query, total, onClear }: Props) {
  const counts = usePartCounts(api, query, total);
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
      <button type="button" className="button" onClick={onClear}>
        Clear the search
      </button>
    </div>
  );
}
