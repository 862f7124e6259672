import { z } from 'zod';
import { forEachFlag } from './flags.ts';
import { attachment, count, counts, messageId, summary, warning } from './message.ts';
import { disk, search } from './state.ts';

/** Frames of `/api/feed`, server to client. All but `hello` carry the next `seq`, without gaps. */
export const frame = z.discriminatedUnion('type', [
  /**
   * The first frame. To resume, `run` goes back with the last `seq` as `?after=seq&run=run`. `resumed` is false when
   * events behind it are lost or too much to send: load everything again.
   */
  z.object({ type: z.literal('hello'), run: z.string(), seq: count, counts, resumed: z.boolean() }),
  z.object({ type: z.literal('added'), seq: count, message: summary, counts }),
  /** The same change to each of these mails; what is absent from `change` stays. */
  z.object({
    type: z.literal('updated'),
    seq: count,
    ids: z.array(messageId),
    change: z.object({
      ...forEachFlag(() => z.boolean().optional()),
      tags: z.array(z.string()).optional(),
      attachments: z.array(attachment).optional(),
      preview: z.string().optional(),
      /** The POP3 mailbox that has deleted the mails, by its login name; others still have them. */
      deletedBy: z.string().optional(),
      warnings: z.array(warning).optional(),
    }),
    counts,
  }),
  z.object({
    type: z.literal('removed'),
    seq: count,
    ids: z.array(messageId),
    /** `evicted`: newer mail needed the room; `expired`: it was too old. `counts.evicted` has both. */
    reason: z.enum(['deleted', 'evicted', 'expired']),
    counts,
  }),
  z.object({ type: z.literal('cleared'), seq: count, counts }),
  /** All saved searches, after one was saved or removed. */
  z.object({ type: z.literal('searches'), seq: count, searches: z.array(search), counts }),
  /** The disk has come below its floor, or is above it again. */
  z.object({ type: z.literal('disk'), seq: count, disk, counts }),
]);

export type Frame = z.infer<typeof frame>;
