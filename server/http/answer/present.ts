import { flagsOf } from '../../../wire/flags.ts';
import type { Frame } from '../../../wire/frame.ts';
import type * as wire from '../../../wire/message.ts';
import { declaredBy, warningsAbout } from '../../message/lint/lint.ts';
import type { Attachment, Content, Summary } from '../../message/message.ts';
import type { Change, StoreEvent } from '../../store/events.ts';
import type { StoredMessage } from '../../store/store.ts';

/** Most entries per list, such as the recipients, in a mail's summary. */
const MOST_LISTED = 20;

/** A summary for mail lists and the feed: dates become text, long lists are cut. */
export function toWireSummary(summary: Summary): wire.Summary {
  const { to, cc, bcc, replyTo, envelope, attachments } = summary;
  const all = wholeSummary(summary);
  const lists = [to, cc, bcc, replyTo, envelope.to, attachments ?? []];
  if (lists.every(({ length }) => length <= MOST_LISTED)) return all;
  const omitted = ({ length }: readonly unknown[]) => Math.max(0, length - MOST_LISTED);
  return {
    ...all,
    to: all.to.slice(0, MOST_LISTED),
    cc: all.cc.slice(0, MOST_LISTED),
    bcc: all.bcc.slice(0, MOST_LISTED),
    replyTo: all.replyTo.slice(0, MOST_LISTED),
    envelope: { ...all.envelope, to: all.envelope.to.slice(0, MOST_LISTED) },
    attachments: attachments && firstAttachments(attachments),
    omitted: {
      to: omitted(to),
      cc: omitted(cc),
      bcc: omitted(bcc),
      replyTo: omitted(replyTo),
      rcpt: omitted(envelope.to),
      attachments: omitted(attachments ?? []),
    },
  };
}

/** The same for many, lazily. */
export function* toWireSummaries(summaries: Iterable<Summary>): Generator<wire.Summary> {
  for (const summary of summaries) yield toWireSummary(summary);
}

/** Real attachments come before inline images. */
function firstAttachments(attachments: readonly Attachment[]): Attachment[] {
  if (attachments.length <= MOST_LISTED) return [...attachments];
  return [...attachments].sort((a, b) => Number(a.inline) - Number(b.inline)).slice(0, MOST_LISTED);
}

/** Lists each field, so that none is sent by accident. */
function wholeSummary(summary: Summary): wire.Summary {
  const { id, seq, size, from, to, cc, bcc, replyTo, subject, messageId } = summary;
  const { envelope, username, tags, attachments, preview, warnings } = summary;
  return {
    id,
    seq,
    receivedAt: summary.receivedAt.toISOString(),
    size,
    from,
    to,
    cc,
    bcc,
    replyTo,
    subject,
    date: summary.date?.toISOString() ?? null,
    messageId,
    envelope,
    username,
    ...flagsOf(summary),
    tags,
    attachments,
    preview,
    warnings,
  };
}

export function toWireMessage({ summary, envelope, peer, warnings }: StoredMessage, content: Content): wire.Message {
  const { text, html, headers, attachments, preview, links, codes, code, images, unsubscribe, problem } = content;
  return {
    ...wholeSummary(summary),
    text,
    html,
    headers,
    attachments,
    preview,
    links,
    codes,
    code,
    images,
    unsubscribe,
    problem,
    warnings: warningsAbout(warnings, content.warnings, declaredBy({ envelope, peer })),
    delivery: { mail: envelope.from, rcpt: envelope.to, peer },
  };
}

export function toFrame(event: StoreEvent): Frame {
  switch (event.type) {
    case 'added':
      return { ...event, message: toWireSummary(event.message) };
    case 'updated':
      return { ...event, change: toWireChange(event.change) };
    default:
      return event;
  }
}

function toWireChange(change: Change): Extract<Frame, { type: 'updated' }>['change'] {
  const { attachments } = change;
  return attachments ? { ...change, attachments: firstAttachments(attachments) } : change;
}
