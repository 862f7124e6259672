import { describe, expect, test } from 'vitest';
import type { Counts, Frame, Message } from '../../client/index.ts';
import { follow, type MessageState } from '../../ui/src/message/follow.ts';
import { envelopeDiffers, hasRemoteContent, isPicture, shownTab, tabsOf } from '../../ui/src/message/parts.ts';
import { summary } from './samples.ts';

const counts: Counts = { total: 1, unread: 1, bytes: 1, evicted: 0 };

function message(rest: Partial<Message> = {}): Message {
  const { attachments: _attachments, preview: _preview, ...known } = summary('mail-open', 1);
  return {
    ...known,
    attachments: [],
    preview: '',
    text: 'Text',
    html: '<p>HTML',
    headers: [],
    links: [],
    codes: [],
    code: null,
    images: [],
    unsubscribe: [],
    delivery: {
      mail: { address: 'app@example.test', parameters: {} },
      rcpt: [{ address: 'ada@example.test', parameters: {} }],
      peer: { address: '127.0.0.1', port: 1, helo: null, protocol: 'ESMTP', tls: null, username: null },
    },
    problem: null,
    ...rest,
  };
}

describe('the open message follows the feed', () => {
  const open: MessageState = { status: 'loaded', message: message() };

  test('a change is applied', () => {
    const ids = ['mail-open'];
    const state = follow(open, 'mail-open', { type: 'updated', seq: 2, ids, change: { read: true }, counts });
    expect(state).toMatchObject({ status: 'loaded', message: { read: true, text: 'Text' } });
  });

  test('a removal is shown with its reason', () => {
    for (const reason of ['deleted', 'evicted', 'expired'] as const) {
      const frame: Frame = { type: 'removed', seq: 2, ids: ['mail-open'], reason, counts };
      expect(follow(open, 'mail-open', frame)).toEqual({ status: 'gone', reason });
    }
    expect(follow(open, 'mail-open', { type: 'cleared', seq: 2, counts })).toEqual({
      status: 'gone',
      reason: 'deleted',
    });
  });

  test('other mails do not affect it', () => {
    expect(follow(open, 'mail-open', { type: 'removed', seq: 2, ids: ['x'], reason: 'deleted', counts })).toBe(open);
    expect(follow(open, 'mail-open', { type: 'added', seq: 2, message: summary('x', 2), counts })).toBe(open);
  });
});

describe('the tabs of a mail', () => {
  test('are those that it has, HTML first', () => {
    expect(tabsOf(message())).toEqual(['html', 'text', 'links', 'source', 'headers', 'parts']);
    expect(tabsOf(message({ html: null }))).toEqual(['text', 'links', 'source', 'headers', 'parts']);
    expect(tabsOf(message({ text: null }))).toEqual(['html', 'links', 'source', 'headers', 'parts']);
    expect(tabsOf(message({ text: null, html: null }))).toEqual(['text', 'links', 'source', 'headers', 'parts']);
  });

  test('a link to a missing tab shows the first', () => {
    expect(shownTab(message(), null)).toBe('html');
    expect(shownTab(message(), 'headers')).toBe('headers');
    expect(shownTab(message({ html: null }), 'html')).toBe('text');
  });
});

test.each([
  ['<img src="https://x.test/a.gif">', true],
  ["<img class=x src='http://x.test/a.gif'>", true],
  ['<img src=//x.test/a.gif>', true],
  ['<td background="https://x.test/a.gif">', true],
  ['<p style="background:url(https://x.test/a.gif)">', true],
  ['<style>@import "https://x.test/a.css"</style>', true],
  ['<link rel="stylesheet" href="https://x.test/a.css">', true],
  ['<a href="https://x.test/">a link</a>', false],
  ['<img src="cid:a@b"> <img src="data:image/png;base64,AA">', false],
  ['https://x.test/ as text', false],
])('%s points out of the mail: %s', (html, remote) => {
  expect(hasRemoteContent(html)).toBe(remote);
});

test('a megabyte of unclosed tags is fast', () => {
  expect(hasRemoteContent('<img <link '.repeat(100_000))).toBe(false);
});

test('only what the server sends as a picture is shown as one', () => {
  expect(['image/png', 'image/jpeg', 'image/webp'].every(isPicture)).toBe(true);
  expect(['image/svg+xml', 'text/html', 'image/png+xml'].some(isPicture)).toBe(false);
});

test('the envelope is shown if it differs from the headers', () => {
  expect(envelopeDiffers(message())).toBe(false);
  expect(envelopeDiffers(message({ envelope: { from: 'APP@example.test', to: ['Ada@example.test'] } }))).toBe(false);
  expect(envelopeDiffers(message({ envelope: { from: '', to: ['ada@example.test'] } }))).toBe(true);
  expect(envelopeDiffers(message({ envelope: { from: 'app@example.test', to: ['bob@example.test'] } }))).toBe(true);
  expect(envelopeDiffers(message({ bcc: [{ name: '', address: 'x@example.test' }] }))).toBe(true);
});
