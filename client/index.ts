/**
 * Talks to a running Mailstop: the REST API and the feed. Runs in browsers and in Node.
 * @module
 */
export type {
  Address,
  Attachment,
  Counts,
  Created,
  Delivery,
  Frame,
  Listing,
  Mailboxes,
  Message,
  Patch,
  Server,
  Summary,
} from '../server/http/wire.ts';
export { type Api, createApi, type Head, type PageOf, type Selection } from './api.ts';
export { ApiError } from './api-error.ts';
export { type FeedHandlers, type FeedSurroundings, openFeed, type Socket } from './feed.ts';
