import { ExternalLink } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { Message } from '../../../client/index.ts';
import { CopyButton } from '../widgets/CopyButton.tsx';
import { formatCount } from '../widgets/format.ts';
import { CodeText } from './CodeText.tsx';
import { canBeOpened, type LinkRow, linkRows } from './extracts.ts';
import './code.css';
import './links.css';

/** What a test or a reader needs from the mail: codes, links and pictures. */
export function LinksView({ message }: { readonly message: Message }) {
  const { codes, code, images, unsubscribe } = message;
  const links = linkRows(message.links);
  if (links.length + codes.length + images.length + unsubscribe.length === 0) {
    return (
      <div className="message-blank">
        <strong>No links</strong>
        <p>This mail has no links and no one-time code.</p>
      </div>
    );
  }
  return (
    <div className="links">
      {codes.length > 0 && (
        <section>
          <h3>{codes.length === 1 ? 'Code' : 'Codes'}</h3>
          {code === null && <p className="quiet">Several are equally likely, so none is picked.</p>}
          <ul>
            {codes.map((one) => (
              <li key={one.code} className="links-row">
                <div>
                  <CodeText code={one.code} />
                  {one.code === code && codes.length > 1 && <span className="links-source">the code</span>}
                  <span className="links-reason">{one.reason}</span>
                </div>
                <CopyButton text={one.code} what={`code ${one.code}`} />
              </li>
            ))}
          </ul>
        </section>
      )}
      <section>
        <h3>Links</h3>
        {links.length === 0 && <p className="quiet">There are no links in this mail.</p>}
        <Rows of={links}>{(link) => <Row key={link.url} {...link} />}</Rows>
      </section>
      {unsubscribe.length > 0 && (
        <section>
          <h3 title="The List-Unsubscribe header">Unsubscribe</h3>
          <Rows of={unsubscribe}>{(url) => <Row key={url} url={url} text={null} sources={[]} />}</Rows>
        </section>
      )}
      {images.length > 0 && (
        <section>
          <h3>Pictures in the HTML</h3>
          <Rows of={[...new Set(images)]}>{(url) => <Row key={url} url={url} text={null} sources={[]} />}</Rows>
        </section>
      )}
    </div>
  );
}

/** How many are shown at first. */
const FIRST = 200;

function Rows<T>({ of, children }: { readonly of: readonly T[]; readonly children: (one: T) => ReactNode }) {
  const [all, setAll] = useState(false);
  return (
    <>
      <ul>{(all ? of : of.slice(0, FIRST)).map(children)}</ul>
      {!all && of.length > FIRST && (
        <button type="button" className="button" onClick={() => setAll(true)}>
          Show the other {formatCount(of.length - FIRST)}
        </button>
      )}
    </>
  );
}

/** A data: URL contains the whole picture, so only its beginning is shown. */
const SHOWN_CHARACTERS = 600;

function Row({ url, text, sources }: LinkRow) {
  const shown = url.length > SHOWN_CHARACTERS ? `${url.slice(0, SHOWN_CHARACTERS)}…` : url;
  return (
    <li className="links-row">
      <div>
        {text !== null && <bdi className="links-text">{text}</bdi>}
        <span className="links-url" dir="ltr">
          {shown}
        </span>
        {sources.length > 0 && (
          <span className="links-source">in the {sources.map((name) => SOURCE[name]).join(' and the ')}</span>
        )}
      </div>
      <CopyButton text={url} what="the URL" />
      {canBeOpened(url) && (
        <a
          className="icon-button"
          href={url}
          target="_blank"
          rel="noopener noreferrer"
          title="Open in a new tab"
          aria-label={`Open ${text ?? shown} in a new tab`}
        >
          <ExternalLink size={15} strokeWidth={1.75} aria-hidden />
        </a>
      )}
    </li>
  );
}

const SOURCE = { html: 'HTML', text: 'text' } as const;
