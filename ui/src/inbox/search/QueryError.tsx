import { pointOut } from './query-error.ts';

interface Props {
  readonly id: string;
  readonly query: string;
  /** What the server says is wrong with it. */
  readonly detail: string;
}

/** The query with the faulty part marked. */
export function QueryError({ id, query, detail }: Props) {
  const found = pointOut(query, detail);
  return (
    <div id={id} className="search-error" role="alert">
      {found && (
        <code dir="ltr">
          {found.before}
          <mark>{found.at || '\u00a0'}</mark>
          {found.after}
        </code>
      )}
      <p>{found ? `Column ${found.column}: ${found.reason}` : detail}</p>
    </div>
  );
}
