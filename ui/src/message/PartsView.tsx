import { Download, File, FileArchive, FileText, Image } from 'lucide-react';
import { useState } from 'react';
import type { Api, Attachment, Message } from '../../../client/index.ts';
import { formatSize } from '../widgets/format.ts';
import { isPicture } from './parts.ts';
import './parts.css';

/** The parts of the mail besides its text: attachments first, then the pictures that its HTML shows. */
export function PartsView({ api, message }: { readonly api: Api; readonly message: Message }) {
  const attached = message.attachments.filter(({ inline }) => !inline);
  const inline = message.attachments.filter((part) => part.inline);
  if (message.attachments.length === 0) {
    return (
      <div className="message-blank">
        <strong>No attachments</strong>
        <p>This mail has only its text.</p>
      </div>
    );
  }
  return (
    <div className="parts">
      {attached.length > 0 && <Parts api={api} id={message.id} title="Attachments" parts={attached} />}
      {inline.length > 0 && <Parts api={api} id={message.id} title="Shown in the mail" parts={inline} />}
    </div>
  );
}

interface PartsProps {
  readonly api: Api;
  readonly id: string;
  readonly title: string;
  readonly parts: readonly Attachment[];
}

function Parts({ api, id, title, parts }: PartsProps) {
  return (
    <section>
      <h3>{title}</h3>
      <ul>
        {parts.map((part) => {
          const { index, filename, contentType, size, contentId } = part;
          const url = api.attachmentUrl(id, index);
          const name = filename ?? 'Part without a name';
          return (
            <li key={index}>
              <a href={url} download={filename ?? `part-${index}`} className="part" title={`Download ${name}`}>
                <Thumbnail url={url} part={part} />
                <span className="part-name">
                  <bdi className={filename === null ? 'none' : undefined}>{name}</bdi>
                  <span className="part-facts">
                    {contentType} · {formatSize(size)}
                    {contentId !== null && (
                      <>
                        {' · '}
                        <span className="mono">cid:{contentId}</span>
                      </>
                    )}
                  </span>
                </span>
                <Download size={16} strokeWidth={1.75} aria-hidden />
              </a>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function Thumbnail({ url, part: { contentType } }: { readonly url: string; readonly part: Attachment }) {
  const [broken, setBroken] = useState(false);
  if (isPicture(contentType) && !broken) {
    return (
      <span className="part-picture">
        <img src={url} alt="" loading="lazy" onError={() => setBroken(true)} />
      </span>
    );
  }
  const Icon = contentType.startsWith('image/')
    ? Image
    : /zip|compressed|tar/.test(contentType)
      ? FileArchive
      : /^text\/|pdf|json|xml|document/.test(contentType)
        ? FileText
        : File;
  return (
    <span className="part-picture">
      <Icon size={20} strokeWidth={1.5} aria-hidden />
    </span>
  );
}
