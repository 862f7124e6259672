/**
 * Client for a running Mailstop: `connect` for tests, and below it the REST API and the feed. Runs in browsers and in
 * Node.
 * @module
 */

export type { Expectation, Met } from '../wire/expect.ts';
export type { Frame } from '../wire/frame.ts';
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
  Summary,
} from '../wire/message.ts';
export type { DiskSpace, Search, Server, Session, SessionSummary, Sessions } from '../wire/state.ts';
export {
  type Api,
  createApi,
  type EnvelopeOf,
  type Head,
  type PageOf,
  type Selection,
  type SessionsOf,
} from './api/api.ts';
export { ApiError, ExpectationError } from './api/api-error.ts';
export type { Events, EventsOptions } from './api/events.ts';
export { type FeedHandlers, type FeedSurroundings, openFeed, type Socket } from './api/feed.ts';
export { expectAcrossRestarts } from './api/restarts.ts';
export { type ConnectOptions, connect } from './connect.ts';
export { MailAttachment } from './mail/attachment.ts';
export type { Bytes } from './mail/bytes.ts';
export type { HtmlDocument, MailElement, ParseHtml } from './mail/html.ts';
export type { LinkOptions } from './mail/links.ts';
export { Mail } from './mail/mail.ts';
export type { MailboxOf } from './mail/mailbox-address.ts';
export { type MailSnapshotOptions, mailSnapshot } from './matchers/mail-snapshot.ts';
export type { Query, Term, Where } from './query.ts';
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
