import type { RefObject } from 'react';
import type { Api, Server } from '../../../client/index.ts';
import type { Density } from '../setting.ts';
import type { Inbox, View } from './inbox.ts';
import { ListHeader } from './ListHeader.tsx';
import { type ListHandle, MessageList } from './MessageList.tsx';
import { DiskNotice, EvictedNotice } from './notices.tsx';
import { NoMatch } from './search/NoMatch.tsx';
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
  /** Whether to count at once what each part of a query finds. */
  readonly countsParts: boolean;
  readonly onRetry: () => void;
  readonly handle: RefObject<ListHandle | null>;
}

export function ListPane({ api, inbox, visible, server, density, onDensity, ...rest }: Props) {
  const { query, answered, failure } = inbox;
  const { counts } = visible;
  const nothing = answered && visible.count === 0;
  const unreadable = failure?.code === 'bad-query';
  return (
    <section className="list-pane" aria-label="Mails">
      <ListHeader
        query={query}
        unreadable={unreadable}
        matched={visible.count}
        counts={counts}
        density={density}
        onDensity={onDensity}
        onReadAll={rest.onReadAll}
        onDeleteAll={rest.onDeleteAll}
      />
      {failure !== null &&
        failure.code !== 'bad-query' &&
        failure.code !== 'no-answer' &&
        failure.code !== 'starting' && (
          <p className="list-notice" role="alert">
            <span>The list could not be loaded: {failure.detail}</span>
            <button type="button" className="link-button" onClick={rest.onRetry}>
              Try again
            </button>
          </p>
        )}
      {failure?.code === 'starting' ? (
        <div className="list-empty" role="status">
          <strong>Loading mail</strong>
          <p>{failure.detail}</p>
          <p>The list will appear when it is ready.</p>
        </div>
      ) : unreadable && visible.count === 0 ? (
        <div className="list-empty">
          <strong>This search can’t be read</strong>
          <p>See the note under the search box.</p>
        </div>
      ) : nothing && query !== '' && failure === null ? (
        <NoMatch
          key={query}
          api={api}
          query={query}
          total={counts?.total ?? 0}
          countsParts={rest.countsParts}
          onClear={rest.onClear}
        />
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
      {/* At the bottom, so that no row moves when they appear. */}
      {server?.disk?.low && <DiskNotice disk={server.disk} />}
      {counts !== null && counts.evicted > 0 && <EvictedNotice counts={counts} server={server} />}
    </section>
  );
}
