import { MailX } from 'lucide-react';
import type { MessageState } from './follow.ts';
import '../widgets/button.css';

type Reason = Extract<MessageState, { status: 'gone' }>['reason'];

const WHY: Readonly<Record<Reason, { title: string; text: string }>> = {
  deleted: { title: 'This mail was deleted', text: 'Somebody deleted it, or a test, or an app that reads mail.' },
  evicted: {
    title: 'This mail was dropped by the limits',
    text: 'The oldest mail is removed first. To keep more, start Mailstop with a larger --max-messages or --max-bytes, or pin mail that should stay.',
  },
  expired: {
    title: 'This mail was too old',
    text: 'To keep mail longer, start Mailstop with a larger --max-age, or pin mail that should stay.',
  },
  unknown: {
    title: 'There is no such mail',
    text: 'It was deleted or dropped by the limits, or Mailstop has been restarted since.',
  },
};

export function GoneMail({ reason, onClose }: { readonly reason: Reason; readonly onClose: () => void }) {
  const { title, text } = WHY[reason];
  return (
    <div className="message-blank" role="status">
      <MailX size={28} strokeWidth={1.5} aria-hidden />
      <strong>{title}</strong>
      <p>{text}</p>
      <button type="button" className="button" onClick={onClose}>
        Back to the list
      </button>
    </div>
  );
}
