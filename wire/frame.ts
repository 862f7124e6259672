import { z } from 'zod';
import { forEachFlag } from './flags.ts';
import { attachment, count, counts, messageId, summary, warning } from './message.ts';
import type { Of } from './read-only.ts';
import { disk, search } from './state.ts';

/** Frames of `/api/feed`, server to client. All but `hello` carry the next `seq`, without gaps. */
export const frame = z.discriminatedUnion('type', [
  /**
   * The first frame. To resume, send its `epoch` and the last `seq` as `?after=seq&epoch=epoch`. If `resumed` is false,
   * later events are lost: load everything again.
   */
  z.object({ type: z.literal('hello'), epoch: z.string(), seq: count, counts, resumed: z.boolean() }),
  z.object({ type: z.literal('added'), seq: count, message: summary, counts }),
  /** The same change to each of these mails; fields missing from `change` stay as they are. */
  z.object({
    type: z.literal('updated'),
    seq: count,
    ids: z.array(messageId),
    change: z.object({
      ...forEachFlag(() => z.boolean().optional()),
      tags: z.array(z.string()).optional(),
      attachments: z.array(attachment).optional(),
      preview: z.string().optional(),
      /** Login name of the POP3 mailbox that deleted the mails; other mailboxes still have them. */
      deletedBy: z.string().optional(),
      warnings: z.array(warning).optional(),
    }),
    counts,
  }),
  z.object({
    type: z.literal('removed'),
    seq: count,
    ids: z.array(messageId),
    /** `evicted`: removed to make room for newer mail; `expired`: too old. `counts.evicted` counts both. */
    reason: z.enum(['deleted', 'evicted', 'expired']),
    counts,
  }),
  z.object({ type: z.literal('cleared'), seq: count, counts }),
  /** All saved searches, sent after one is saved or removed. */
  z.object({ type: z.literal('searches'), seq: count, searches: z.array(search), counts }),
  /** Free disk space fell below its floor, or rose above it again. */
  z.object({ type: z.literal('disk'), seq: count, disk, counts }),
]);

export type Frame = Of<typeof frame>;
