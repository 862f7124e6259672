import { X } from 'lucide-react';
import { type RefObject, useState } from 'react';
import type { Api, Server } from '../../../client/index.ts';
import type { Density } from '../setting.ts';
import { formatCount, formatSize, mails } from '../widgets/format.ts';
import { IconButton } from '../widgets/IconButton.tsx';
import type { Inbox, View } from './inbox.ts';
import { ListHeader } from './ListHeader.tsx';
import { type ListHandle, MessageList } from './MessageList.tsx';
import { NoMatch } from './NoMatch.tsx';
import type { Visible } from './visible.ts';

interface Props {
  readonly api: Api;
  readonly inbox: Inbox;
  readonly visible: Visible;
  readonly server: Server | null;
  readonly density: Density;
  readonly onDensity: (density: Density) => void;
  readonly selectedId: string | null;
  readonly currentId: string | null;
  readonly onLook: (view: View) => void;
  readonly onOpen: (id: string) => void;
  readonly onReadAll: () => void;
  readonly onDeleteAll: () => void;
  readonly onClear: () => void;
  readonly onRetry: () => void;
  readonly handle: RefObject<ListHandle | null>;
}

export function ListPane({ api, inbox, visible, server, density, onDensity, ...rest }: Props) {
  const { query, answered, failure } = inbox;
  const { counts } = visible;
  const nothing = answered && visible.count === 0;
  const unreadable = failure?.code === 'bad-query' && visible.count === 0;
  return (
    <section className="list-pane" aria-label="Mails">
      <ListHeader
        query={query}
        matched={visible.count}
        counts={counts}
        density={density}
        onDensity={onDensity}
        onReadAll={rest.onReadAll}
        onDeleteAll={rest.onDeleteAll}
      />
      {failure !== null && failure.code !== 'bad-query' && failure.code !== 'no-answer' && (
        <p className="list-notice" role="alert">
          <span>The list could not be loaded: {failure.detail}</span>
          <button type="button" className="link-button" onClick={rest.onRetry}>
            Try again
          </button>
        </p>
      )}
      {unreadable ? (
        <div className="list-empty">
          <strong>This search can’t be read</strong>
          <p>What is wrong with it is marked under the search box.</p>
        </div>
      ) : nothing && query !== '' && failure === null ? (
        <NoMatch key={query} api={api} query={query} total={counts?.total ?? 0} onClear={rest.onClear} />
      ) : (
        <MessageList
          visible={visible}
          query={query}
          busy={!answered && failure === null}
          density={density}
          selectedId={rest.selectedId}
          currentId={rest.currentId}
          onLook={rest.onLook}
          onOpen={rest.onOpen}
          handle={rest.handle}
        />
      )}
      {/* At the bottom, where it moves no row when it appears. */}
      {counts !== null && counts.evicted > 0 && <EvictedNotice evicted={counts.evicted} server={server} />}
    </section>
  );
}

/** The limits have pushed mail out: a test that looks for it should not have to guess. */
function EvictedNotice({ evicted, server }: { readonly evicted: number; readonly server: Server | null }) {
  const [dismissed, setDismissed] = useState(false);
  if (dismissed) return null;
  const { limits, counts } = server ?? {};
  const byCount = !limits || !counts || counts.bytes < limits.bytes * 0.9;
  const limit = !limits
    ? 'the limit'
    : byCount
      ? `the limit of ${formatCount(limits.messages)} (--max-messages)`
      : `the limit of ${formatSize(limits.bytes)} (--max-bytes)`;
  return (
    <p className="list-notice">
      <span>
        {mails(evicted)} {evicted === 1 ? 'was' : 'were'} dropped by {limit}, the oldest first.
      </span>
      <IconButton icon={X} label="Dismiss" onClick={() => setDismissed(true)} />
    </p>
  );
}
