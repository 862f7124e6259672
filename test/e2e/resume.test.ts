import { readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { expect, test } from 'vitest';
import { launchBrowser } from './browser.ts';
import { bePatient } from './patience.ts';
import { openInbox } from './stage.ts';

bePatient();

const OCTETS_BEFORE_THE_CUT = 1_000_000;

/** A proxy for a port that cuts the first response to a request for raw mail in the middle. */
async function cuttingProxy(port: number) {
  const asked: string[] = [];
  const proxy = createServer((client) => {
    const server = connect(port, '127.0.0.1');
    let left = Number.POSITIVE_INFINITY;
    client.on('data', (chunk) => {
      const request = chunk.toString('latin1');
      if (/^GET \S+\/raw /.test(request) && asked.push(request) === 1) left = OCTETS_BEFORE_THE_CUT;
      server.write(chunk);
    });
    server.on('data', (chunk) => {
      client.write(chunk);
      left -= chunk.length;
      if (left < 0) for (const socket of [client, server]) socket.destroy();
    });
    for (const [one, other] of [[client, server] as const, [server, client] as const]) {
      one.on('error', () => {});
      one.on('close', () => other.destroy());
    }
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const address = proxy.address();
  return {
    url: `http://localhost:${typeof address === 'object' ? address?.port : 0}`,
    asked,
    [Symbol.asyncDispose]: async () => {
      await new Promise((resolve) => proxy.close(resolve));
    },
  };
}

test('an interrupted download resumes where it was cut', async () => {
  await using browser = await launchBrowser();
  const text = 'x'.repeat(76);
  await using stage = await openInbox(browser, {
    before: ({ send }) => send({ subject: 'large', text: `${text}\r\n`.repeat(100_000) }),
  });
  await using proxy = await cuttingProxy(stage.mailstop.about.http.port);
  const [mail] = (await stage.api.list('')).messages;
  await using page = await browser.newPage();
  await page.goto(proxy.url);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.evaluate(`location.href = '/api/messages/${mail?.id}/raw'`),
  ]);
  expect(await download.failure()).toBeNull();
  expect(readFileSync(await download.path()).equals(Buffer.from(await stage.api.raw(mail?.id ?? '')))).toBe(true);
  expect(proxy.asked).toHaveLength(2);
  expect(proxy.asked[1]).toMatch(/^Range: bytes=\d{6,}-\r\nIf-Range: "/m);
});
