import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Api } from '../../client/index.ts';
import { Connect } from './connect/Connect.tsx';
import { rowOf } from './inbox/inbox.ts';
import { ListPane } from './inbox/ListPane.tsx';
import { Mailboxes } from './inbox/Mailboxes.tsx';
import type { ListHandle } from './inbox/MessageList.tsx';
import { useCursor } from './inbox/useCursor.ts';
import { useDeletion } from './inbox/useDeletion.ts';
import { useInbox } from './inbox/useInbox.ts';
import { visible as visibleRows } from './inbox/visible.ts';
import { type KeyAction, useKeys } from './keys.ts';
import type { Live } from './live.ts';
import { MessagePane } from './message/MessagePane.tsx';
import { NoMessage } from './message/NoMessage.tsx';
import { useMessage } from './message/useMessage.ts';
import { connectRoute, inboxRoute, messageRoute } from './route.ts';
import { useDensity, useTheme } from './setting.ts';
import { TopBar } from './TopBar.tsx';
import { useActions, useNotice, useReadMark } from './useActions.ts';
import { useRoute } from './useRoute.ts';
import { useSearches } from './useSearches.ts';
import { useMailboxes, useServer } from './useServer.ts';
import { DeleteAll } from './widgets/DeleteAll.tsx';
import { mails } from './widgets/format.ts';
import { KeyList } from './widgets/KeyList.tsx';
import { Toast } from './widgets/Toast.tsx';
import { useMedia } from './widgets/useMedia.ts';
import './app.css';

interface Props {
  readonly api: Api;
  readonly live: Live;
  /** The search in a link from another site, which does nothing by itself; null when no other site led here. */
  readonly heldSearch: string | null;
}

export function App({ api, live, heldSearch }: Props) {
  const { route, go, leaveTo } = useRoute();
  const { q, id: openId } = route;
  const [theme, setTheme] = useTheme();
  const [density, setDensity] = useDensity();
  const [dialog, setDialog] = useState<'keys' | 'delete-all' | null>(null);
  const narrow = useMedia('(width < 700px)');
  const wide = useMedia('(width >= 1100px)');

  const [notice, tell] = useNotice();
  const actions = useActions(api, tell);
  const deletion = useDeletion(api, tell);
  const { inbox, offlineSince, look, retry } = useInbox(api, live, q);
  const visible = useMemo(() => visibleRows(inbox, deletion.hidden), [inbox, deletion.hidden]);
  const server = useServer(api, live);
  const boxes = useMailboxes(api, live, wide);
  const searches = useSearches(api, live);
  const message = useMessage(api, live, openId);
  const [first] = useState(route);
  const unmarked = heldSearch === null ? null : first.id;
  useReadMark(message?.status === 'loaded' ? message.message : null, actions, unmarked);

  const list = useRef<ListHandle>(null);
  const search = useRef<HTMLInputElement>(null);
  const savedButton = useRef<HTMLButtonElement>(null);
  const messagePane = useRef<HTMLElement>(null);
  const cursor = useCursor(visible, openId, list);

  const unread = visible.counts?.unread ?? 0;
  useEffect(() => {
    document.title = unread > 0 ? `(${unread}) Mailstop` : 'Mailstop';
  }, [unread]);

  const empty = inbox.counts !== null && inbox.counts.total === 0 && q === '' && openId === null;
  const page = route.page === 'connect' ? 'connect' : empty ? 'empty' : 'mail';

  const onQuery = useCallback(
    (next: string) =>
      go(openId && !narrow ? messageRoute(openId, next, route.tab) : inboxRoute(next), { replace: true }),
    [go, openId, narrow, route.tab],
  );
  const open = useCallback((id: string) => go(messageRoute(id, q), { replace: openId !== null }), [go, q, openId]);
  const close = useCallback(() => leaveTo(inboxRoute(q)), [leaveTo, q]);
  const toResults = () => {
    if (cursor.id !== null && visible.indexOf(cursor.id) === null) cursor.put(null);
    list.current?.focus();
  };
  const remove = (id: string) => {
    cursor.put(cursor.heirOf(id));
    deletion.remove(id);
    if (id === openId) close();
  };

  // A narrow page shows either the list or the message; the focus follows.
  const wasOpen = useRef(openId);
  useEffect(() => {
    if (wasOpen.current === openId) return;
    if (openId !== null && narrow) messagePane.current?.focus();
    if (openId === null) list.current?.focus();
    wasOpen.current = openId;
  }, [openId, narrow]);

  useKeys((action: KeyAction) => {
    const at = openId ?? cursor.id;
    const row = at === null ? undefined : rowOf(inbox, at);
    const move = (by: number) => {
      const to = cursor.move(by);
      if (to !== null && openId !== null) open(to);
      else list.current?.focus();
    };
    switch (action) {
      case 'next':
        return move(1);
      case 'previous':
        return move(-1);
      case 'top':
        return move(Number.NEGATIVE_INFINITY);
      case 'bottom':
        return move(Number.POSITIVE_INFINITY);
      case 'page-down':
        return move(list.current?.rows ?? 1);
      case 'page-up':
        return move(-(list.current?.rows ?? 1));
      case 'open':
        return cursor.id === null ? undefined : open(cursor.id);
      case 'toggle-read':
        return row && actions.mark(row.id, { read: !row.read });
      case 'toggle-pin':
        return row && actions.mark(row.id, { pinned: !row.pinned });
      case 'toggle-flag':
        return row && actions.mark(row.id, { flagged: !row.flagged });
      case 'read-all':
        return actions.readAll(q);
      case 'delete':
        return at !== null && !deletion.hidden.has(at) ? remove(at) : undefined;
      case 'undo':
        return deletion.undo();
      case 'copy-code':
        return message?.status === 'loaded' ? actions.copyCode(message.message.code) : undefined;
      case 'search':
        search.current?.focus();
        return search.current?.select();
      case 'searches':
        return savedButton.current?.click();
      case 'close':
        if (openId === null && route.page === 'inbox' && q !== '') return onQuery('');
        return close();
      case 'help':
        return setDialog('keys');
    }
  });

  const undo = { label: 'Undo', shortcut: 'Z', run: deletion.undo };
  const toast =
    deletion.pending.length > 0 ? { text: `${mails(deletion.pending.length)} deleted`, action: undo } : notice;

  return (
    <div className={`app${openId === null ? '' : ' has-message'}`}>
      <TopBar
        query={q}
        onQuery={onQuery}
        queryError={inbox.failure?.code === 'bad-query' ? inbox.failure.detail : null}
        searchField={search}
        onResults={toResults}
        heldSearch={heldSearch || null}
        saved={{ searches, savedButton, onSave: actions.saveSearch, onRemove: actions.removeSearch }}
        disk={server?.disk ?? null}
        starting={inbox.failure?.code === 'starting' ? inbox.failure.detail : null}
        link={inbox.link}
        offlineSince={offlineSince}
        theme={theme}
        onTheme={setTheme}
        onConnect={() => (route.page === 'connect' ? close() : go(connectRoute(q)))}
        onKeys={() => setDialog('keys')}
        onHome={() => go(inboxRoute(''))}
      />
      <main className="panes">
        {page === 'mail' && wide && (
          <Mailboxes
            boxes={boxes}
            counts={visible.counts}
            searches={searches}
            query={q}
            onQuery={(next) => go(inboxRoute(next))}
          />
        )}
        {page === 'mail' && (
          <ListPane
            api={api}
            inbox={inbox}
            visible={visible}
            server={server}
            density={density}
            onDensity={setDensity}
            selectedId={openId}
            currentId={cursor.id}
            onLook={look}
            onOpen={open}
            onReadAll={() => actions.readAll(q)}
            onDeleteAll={() => setDialog('delete-all')}
            onClear={() => onQuery('')}
            countsParts={q !== first.q}
            onRetry={retry}
            handle={list}
          />
        )}
        {page === 'mail' && (!narrow || openId !== null) && (
          <section className="message-pane" ref={messagePane} tabIndex={-1} aria-label="Message">
            {openId !== null && message !== null ? (
              <MessagePane
                api={api}
                id={openId}
                state={message}
                summary={rowOf(inbox, openId)}
                tab={route.tab}
                onTab={(tab) => go(messageRoute(openId, q, tab), { replace: true })}
                onMark={(flags) => actions.mark(openId, flags)}
                onDelete={() => remove(openId)}
                onClose={close}
              />
            ) : (
              <NoMessage />
            )}
          </section>
        )}
        {page !== 'mail' && (
          <Connect
            server={server}
            first={page === 'empty'}
            sendTestMail={async () => {
              await actions.sendTestMail();
              if (page === 'connect') close();
            }}
            onClose={page === 'connect' ? close : null}
          />
        )}
      </main>
      <Toast notice={toast} />
      {dialog === 'keys' && <KeyList onClose={() => setDialog(null)} />}
      {dialog === 'delete-all' && (
        <DeleteAll
          query={q}
          count={inbox.matched}
          onDelete={() => actions.deleteAll(q)}
          onClose={() => setDialog(null)}
        />
      )}
    </div>
  );
}
