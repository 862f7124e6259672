import type { Frame, Message } from '../../../client/index.ts';
import { changedFlags } from '../../../wire/flags.ts';

export type MessageState =
  | { readonly status: 'loading' }
  | { readonly status: 'loaded'; readonly message: Message }
  /** `unknown`: not found; deleted earlier, or it never existed. */
  | { readonly status: 'gone'; readonly reason: 'deleted' | 'evicted' | 'expired' | 'unknown' }
  | { readonly status: 'failed'; readonly detail: string };

/** Applies a frame of the feed to the open message. */
export function follow(state: MessageState, id: string, frame: Frame): MessageState {
  switch (frame.type) {
    case 'removed':
      return frame.ids.includes(id) ? { status: 'gone', reason: frame.reason } : state;
    case 'cleared':
      return state.status === 'gone' ? state : { status: 'gone', reason: 'deleted' };
    case 'updated': {
      if (state.status !== 'loaded' || !frame.ids.includes(id)) return state;
      const { tags = state.message.tags } = frame.change;
      return { status: 'loaded', message: { ...state.message, ...changedFlags(frame.change), tags } };
    }
    default:
      return state;
  }
}
