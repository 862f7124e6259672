/**
 * Talks to a running Mailstop: `connect` for tests, and beneath it the REST API and the feed. Runs in browsers and
 * in Node.
 * @module
 */
export type {
  Address,
  Attachment,
  Counts,
  Created,
  Delivery,
  Listing,
  Mailboxes,
  Message,
  Patch,
  Server,
  Summary,
} from '../server/http/wire.ts';
export type { Expectation, Met } from '../server/http/wire-expect.ts';
export type { Frame } from '../server/http/wire-frame.ts';
export type { DiskSpace, Search } from '../server/http/wire-state.ts';
export { type Api, createApi, type EnvelopeOf, type Head, type PageOf, type Selection } from './api.ts';
export { ApiError, ExpectationError } from './api-error.ts';
export { MailAttachment } from './attachment.ts';
export type { Bytes } from './bytes.ts';
export { type ConnectOptions, connect } from './connect.ts';
export type { Events, EventsOptions } from './events.ts';
export { type FeedHandlers, type FeedSurroundings, openFeed, type Socket } from './feed.ts';
export type { HtmlDocument, MailElement, ParseHtml } from './html.ts';
export { Mail } from './mail.ts';
export type { LinkOptions } from './mail-links.ts';
export { type MailSnapshotOptions, mailSnapshot } from './mail-snapshot.ts';
export type { MailboxOf } from './mailbox-address.ts';
export type { Query, Term, Where } from './query.ts';
export { expectAcrossRestarts } from './restarts.ts';
export type { Delivered, Place, Sandbox } from './sandbox.ts';
export type {
  CaptureOptions,
  CountOptions,
  Mailbox,
  Mails,
  NoneOptions,
  Range,
  SignalOption,
  WaitOptions,
} from './verbs.ts';
