import type { Content, Summary } from '../message/message.ts';
import type { StoreEvent } from '../store/events.ts';
import type { StoredMessage } from '../store/store.ts';
import type * as wire from './wire.ts';

/** A summary as it goes over the wire: times become text. */
export function toWireSummary(summary: Summary): wire.Summary {
  const { id, seq, size, from, subject, messageId, username, read, pinned, preview } = summary;
  return {
    id,
    seq,
    receivedAt: summary.receivedAt.toISOString(),
    size,
    from,
    to: [...summary.to],
    cc: [...summary.cc],
    bcc: [...summary.bcc],
    replyTo: [...summary.replyTo],
    subject,
    date: summary.date?.toISOString() ?? null,
    messageId,
    envelope: { from: summary.envelope.from, to: [...summary.envelope.to] },
    username,
    read,
    tags: [...summary.tags],
    pinned,
    attachments: summary.attachments && [...summary.attachments],
    preview,
  };
}

export function toWireMessage({ summary, envelope, peer, warnings }: StoredMessage, content: Content): wire.Message {
  const { text, html, problem } = content;
  return {
    ...toWireSummary(summary),
    attachments: [...content.attachments],
    preview: content.preview,
    text,
    html,
    links: [...content.links],
    codes: [...content.codes],
    code: content.code,
    images: [...content.images],
    unsubscribe: [...content.unsubscribe],
    headers: [...content.headers],
    delivery: {
      mail: { address: envelope.from.address, parameters: { ...envelope.from.parameters } },
      rcpt: envelope.to.map(({ address, parameters }) => ({ address, parameters: { ...parameters } })),
      peer: { ...peer },
      warnings: [...warnings],
    },
    problem,
  };
}

export function toFrame(event: StoreEvent): wire.Frame {
  switch (event.type) {
    case 'added':
      return { ...event, message: toWireSummary(event.message) };
    case 'updated':
      return { ...event, ids: [...event.ids], change: toWireChange(event.change) };
    case 'removed':
      return { ...event, ids: [...event.ids] };
    case 'cleared':
    case 'disk':
      return event;
    case 'searches':
      return { ...event, searches: [...event.searches] };
  }
}

type UpdatedFrame = Extract<wire.Frame, { type: 'updated' }>;

function toWireChange({
  read,
  tags,
  pinned,
  attachments,
  preview,
}: Extract<StoreEvent, { type: 'updated' }>['change']): UpdatedFrame['change'] {
  return {
    ...(read !== undefined && { read }),
    ...(tags !== undefined && { tags: [...tags] }),
    ...(pinned !== undefined && { pinned }),
    ...(attachments !== undefined && { attachments: [...attachments] }),
    ...(preview !== undefined && { preview }),
  };
}
