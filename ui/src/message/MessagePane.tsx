import type { Api, Message, Summary } from '../../../client/index.ts';
import type { Flags } from '../../../wire/flags.ts';
import type { Tab } from '../route.ts';
import { formatCount } from '../widgets/format.ts';
import { type TabOf, Tabs } from '../widgets/Tabs.tsx';
import { CodeBar } from './CodeBar.tsx';
import { linkRows } from './extracts.ts';
import type { MessageState } from './follow.ts';
import { GoneMail } from './GoneMail.tsx';
import { HeadersView } from './HeadersView.tsx';
import { HtmlView } from './HtmlView.tsx';
import { LinksView } from './LinksView.tsx';
import { MessageHead } from './MessageHead.tsx';
import { Notices } from './Notices.tsx';
import { PartsView } from './PartsView.tsx';
import { shownTab, tabsOf } from './parts.ts';
import { SourceView } from './SourceView.tsx';
import { TextView } from './TextView.tsx';
import './message.css';

export interface MessageActions {
  readonly onTab: (tab: Tab) => void;
  readonly onMark: (flags: Partial<Flags>) => void;
  readonly onDelete: () => void;
  readonly onClose: () => void;
}

interface Props extends MessageActions {
  readonly api: Api;
  readonly id: string;
  readonly state: MessageState;
  /** What the list already knows; shown until the rest is loaded. */
  readonly summary: Summary | undefined;
  readonly tab: Tab | null;
}

export function MessagePane({ api, id, state, summary, tab, onTab, ...actions }: Props) {
  const message = state.status === 'loaded' ? state.message : null;
  const head = message ?? summary;
  const shown = message && shownTab(message, tab);

  if (state.status === 'gone') return <GoneMail reason={state.reason} onClose={actions.onClose} />;
  return (
    <article className="message" aria-label={head?.subject ?? 'Mail'} aria-busy={state.status === 'loading'}>
      {head && <MessageHead api={api} message={head} full={message} {...actions} />}
      {state.status === 'failed' && (
        <div className="message-blank" role="alert">
          <strong>This mail could not be loaded</strong>
          <p>{state.detail}</p>
        </div>
      )}
      {message && shown && (
        <>
          {message.code !== null && <CodeBar code={message.code} />}
          <Notices key={message.id} message={message} />
          <div className="message-tabs">
            <Tabs
              group="part"
              label="Views of the mail"
              tabs={tabsOf(message).map((name) => tabOf(name, message))}
              selected={shown}
              onSelect={onTab}
            />
          </div>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a panel that scrolls must be reachable by keyboard */}
          <div className="message-panel" id="part-panel" role="tabpanel" tabIndex={0} key={`${id} ${shown}`}>
            <Part api={api} message={message} tab={shown} />
          </div>
        </>
      )}
    </article>
  );
}

function Part({ api, message, tab }: { readonly api: Api; readonly message: Message; readonly tab: Tab }) {
  switch (tab) {
    case 'html':
      return <HtmlView api={api} message={message} />;
    case 'text':
      return <TextView text={message.text} />;
    case 'links':
      return <LinksView message={message} />;
    case 'source':
      return <SourceView api={api} id={message.id} size={message.size} />;
    case 'headers':
      return <HeadersView message={message} />;
    case 'parts':
      return <PartsView api={api} message={message} />;
  }
}

function tabOf(name: Tab, { attachments, links }: Message): TabOf<Tab> {
  const files = attachments.filter(({ inline }) => !inline).length;
  const urls = linkRows(links).length;
  const label = {
    html: 'Preview',
    text: 'Text',
    links: <>Links {urls > 0 && <span className="count">{formatCount(urls)}</span>}</>,
    source: 'Source',
    headers: 'Headers',
    parts: <>Attachments {files > 0 && <span className="count">{files}</span>}</>,
  }[name];
  return { name, label };
}
