import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { problem } from '../../wire/message.ts';
import { anIncoming } from '../message/a-summary.ts';
import { needs } from '../needs.ts';
import { aServer } from './a-server.ts';

const run = promisify(execFile);

const RAW = Buffer.from('Subject: ten\r\n\r\nattached: a.bin 0123456789\r\n');
const SIZE = RAW.length;
const ATTACHED = Buffer.from('0123456789');

/** A server with one mail, and the paths that support ranges. */
async function withAMail() {
  const server = await aServer();
  const { id } = await server.store.add(anIncoming({ raw: RAW.toString() }));
  server.contents.attachment = async () => ATTACHED;
  await server.store.content(id);
  return { server, raw: `/api/messages/${id}/raw`, attachment: `/api/messages/${id}/attachments/0` };
}

describe('Range (RFC 9110 §14)', () => {
  const satisfied: readonly (readonly [range: string, first: number, last: number])[] = [
    ['bytes=0-0', 0, 0],
    ['bytes=2-5', 2, 5],
    ['bytes=4-', 4, SIZE - 1],
    [`bytes=4-${SIZE - 1}`, 4, SIZE - 1],
    ['bytes=4-99999999999999999999999', 4, SIZE - 1],
    ['bytes=-3', SIZE - 3, SIZE - 1],
    ['bytes=-99999999999999999999999', 0, SIZE - 1],
    ['Bytes= 0-1 ', 0, 1],
  ];
  test.each(satisfied)('%s: 206, with these octets', async (range, first, last) => {
    const { server, raw } = await withAMail();
    await using _ = server;
    const { status, headers, bytes } = await server.ask('GET', raw, { headers: { range } });
    expect([status, headers['content-range'], headers['content-length']]).toEqual([
      206,
      `bytes ${first}-${last}/${SIZE}`,
      String(last - first + 1),
    ]);
    expect(bytes).toEqual(RAW.subarray(first, last + 1));
    expect(headers).toMatchObject({
      'content-type': 'message/rfc822',
      'content-disposition': expect.stringContaining('attachment; filename="ten.eml"'),
      'accept-ranges': 'bytes',
    });
  });

  test.each([`bytes=${SIZE}-`, `bytes=${SIZE}-${SIZE + 5}`, 'bytes=99999999999999999999999-', 'bytes=-0'])(
    '%s: 416, with the number of octets',
    async (range) => {
      const { server, raw } = await withAMail();
      await using _ = server;
      const { status, headers, json } = await server.ask('GET', raw, { headers: { range } });
      expect([status, headers['content-range']]).toEqual([416, `bytes */${SIZE}`]);
      expect(headers['content-type']).toContain('application/problem+json');
      expect(headers['content-disposition']).toBeUndefined();
      expect(problem.parse(json)).toMatchObject({
        code: 'range-not-satisfiable',
        detail: `Range "${range}" has none of the ${SIZE} octets.`,
      });
    },
  );

  test.each([
    'bytes=5-2',
    'bytes=0-1,4-5',
    'bytes=-',
    'bytes=',
    'bytes=a-b',
    'bytes=1.5-2',
    'bytes=--1',
    'lines=0-1',
    '0-1',
  ])('%s: all octets, as without Range', async (range) => {
    const { server, raw } = await withAMail();
    await using _ = server;
    const { status, headers, bytes } = await server.ask('GET', raw, { headers: { range } });
    expect([status, headers['content-range'], headers['content-length']]).toEqual([200, undefined, String(SIZE)]);
    expect(bytes).toEqual(RAW);
  });

  test('works for attachments; an empty file has no satisfiable range', async () => {
    const { server, attachment } = await withAMail();
    await using _ = server;
    const range = 'bytes=-4';
    const some = await server.ask('GET', attachment, { headers: { range } });
    expect([some.status, some.headers['content-range'], some.text]).toEqual([206, 'bytes 6-9/10', '6789']);
    server.contents.attachment = async () => Buffer.alloc(0);
    const none = await server.ask('GET', attachment, { headers: { range } });
    expect([none.status, none.headers['content-range']]).toEqual([416, 'bytes */0']);
    expect((await server.ask('GET', attachment)).status).toBe(200);
  });

  test('HEAD and routes without ranges ignore it', async () => {
    const { server, raw } = await withAMail();
    await using _ = server;
    const headers = { range: 'bytes=0-0' };
    const head = await server.ask('HEAD', raw, { headers });
    expect([head.status, head.headers['content-length'], head.headers['accept-ranges'], head.text]).toEqual([
      200,
      String(SIZE),
      'bytes',
      '',
    ]);
    const text = await server.ask('GET', raw.replace('/raw', '/text'), { headers });
    expect([text.status, text.headers['accept-ranges']]).toEqual([200, undefined]);
  });

  test('If-Range: the range if the octets are the same, or else all octets', async () => {
    const { server, attachment } = await withAMail();
    await using _ = server;
    const { etag = '' } = (await server.ask('GET', attachment)).headers;
    const status = async (ifRange: string) =>
      (await server.ask('GET', attachment, { headers: { range: 'bytes=0-0', 'if-range': ifRange } })).status;
    expect(await status(etag)).toBe(206);
    for (const other of ['"other"', `W/${etag}`, 'Thu, 01 Jan 2026 00:00:00 GMT'])
      expect(await status(other)).toBe(200);
    // Evaluated before the range (RFC 9110 §13.2.2).
    const known = { range: 'bytes=0-0', 'if-none-match': etag };
    expect((await server.ask('GET', attachment, { headers: known })).status).toBe(304);
    // For the newest mail, which changes.
    const newest = async () => (await server.ask('GET', '/api/messages/latest/raw')).headers.etag;
    const before = await newest();
    await server.store.add(anIncoming());
    expect(await newest()).not.toBe(before);
  });

  test('a page of another origin that knows an id gets the response without a range', async () => {
    const { server, raw, attachment } = await withAMail();
    await using _ = server;
    const media = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'video' };
    const untold = { 'user-agent': 'Mozilla/5.0', 'accept-language': 'en', host: 'mailstop:8025' };
    for (const [path, headers] of [
      [attachment, media],
      [attachment, { ...media, 'sec-fetch-dest': 'image', origin: 'null' }],
      [attachment, untold],
      [raw, untold],
    ] as const) {
      const answer = async (more: Record<string, string>) => {
        const { date: _, ...rest } = (await server.ask('GET', path, { headers: { ...headers, ...more } })).headers;
        return rest;
      };
      const whole = await answer({});
      expect(whole['content-range']).toBeUndefined();
      for (const range of ['bytes=0-0', 'bytes=0-', 'bytes=-1', 'bytes=1000-'])
        expect(await answer({ range })).toEqual(whole);
    }
    const ours = { ...untold, referer: 'http://mailstop:8025/', range: 'bytes=0-0' };
    expect((await server.ask('GET', raw, { headers: ours })).status).toBe(206);
    const site = { 'sec-fetch-site': 'same-origin', range: 'bytes=0-0' };
    expect((await server.ask('GET', raw, { headers: site })).status).toBe(206);
  });

  needs('curl')('curl requests a range, resumes a partial download, and accepts a complete one', async () => {
    const { server, raw } = await withAMail();
    await using _ = server;
    const url = `http://127.0.0.1:${server.port}${raw}`;
    const folder = mkdtempSync(join(tmpdir(), 'mailstop-ranges-'));
    try {
      expect((await run('curl', ['-sSf', '-r', '0-6', url])).stdout).toBe('Subject');
      const file = join(folder, 'mail.eml');
      writeFileSync(file, RAW.subarray(0, 10));
      for (let again = 0; again < 2; again++) {
        await run('curl', ['-sS', '-C', '-', '-o', file, url]);
        expect(readFileSync(file)).toEqual(RAW);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
