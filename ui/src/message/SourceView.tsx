import { Download } from 'lucide-react';
import { useEffect, useState } from 'react';
import { type Api, ApiError } from '../../../client/index.ts';
import { CopyButton } from '../widgets/CopyButton.tsx';
import { formatSize } from '../widgets/format.ts';
import './source.css';

/** How much is shown at first: usually enough, and quick to lay out. */
const FIRST_OCTETS = 256 * 1024;
/** The most that is shown: with more, a browser takes seconds for the layout. */
const MOST_OCTETS = 4 * 1024 * 1024;

type State =
  | { readonly status: 'loading' }
  | { readonly status: 'loaded'; readonly text: string; readonly complete: boolean }
  | { readonly status: 'failed'; readonly detail: string };

/** The raw mail, as received. */
export function SourceView({ api, id, size }: { readonly api: Api; readonly id: string; readonly size: number }) {
  const [octets, setOctets] = useState(FIRST_OCTETS);
  const [state, setState] = useState<State>({ status: 'loading' });

  useEffect(() => {
    const controller = new AbortController();
    api.rawHead(id, octets, controller.signal).then(
      (head) => setState({ status: 'loaded', ...head }),
      (error: unknown) => {
        if (controller.signal.aborted) return;
        setState({ status: 'failed', detail: error instanceof ApiError ? error.detail : String(error) });
      },
    );
    return () => controller.abort();
  }, [api, id, octets]);

  if (state.status === 'loading') return null;
  if (state.status === 'failed') {
    return (
      <div className="message-blank" role="alert">
        <strong>The source could not be loaded</strong>
        <p>{state.detail}</p>
      </div>
    );
  }
  const shown = state.complete ? 'The whole source' : `The first ${formatSize(octets)} of ${formatSize(size)}`;
  return (
    <div className="source">
      <div className="source-bar">
        <span>{shown}, as received</span>
        {!state.complete && octets < MOST_OCTETS && (
          <button type="button" className="link-button" onClick={() => setOctets(MOST_OCTETS)}>
            {size > MOST_OCTETS ? `Show ${formatSize(MOST_OCTETS)}` : 'Show all'}
          </button>
        )}
        <span className="source-tools">
          <CopyButton text={state.text} what="the source" labelled />
          <a className="button" href={api.rawUrl(id)} download>
            <Download size={14} strokeWidth={1.75} aria-hidden />
            Download
          </a>
        </span>
      </div>
      <pre>{state.text}</pre>
    </div>
  );
}
