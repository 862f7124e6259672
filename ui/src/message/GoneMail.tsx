import { MailX } from 'lucide-react';
import type { MessageState } from './follow.ts';
import '../widgets/button.css';

type Reason = Extract<MessageState, { status: 'gone' }>['reason'];

const WHY: Readonly<Record<Reason, { title: string; text: string }>> = {
  deleted: { title: 'This mail was deleted', text: 'Somebody, a test or an application that reads mail took it out.' },
  evicted: {
    title: 'This mail was dropped by the limit',
    text: 'The oldest mail goes first. Start Mailstop with larger --max-messages or --max-bytes to keep more, or pin what is to stay.',
  },
  expired: {
    title: 'This mail has grown too old',
    text: 'Start Mailstop with a larger --max-age, or pin what is to stay.',
  },
  unknown: {
    title: 'There is no such mail',
    text: 'It was deleted or dropped by the limit, or Mailstop has been restarted since.',
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
