import { expect, test } from 'vitest';
import { SearchQueue } from '../../../server/store/memory/search-queue.ts';

/** A search that runs until the test ends it. */
function aSearch() {
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { end: () => end(), run: () => ended };
}

test('searches run a few at a time, in order', async () => {
  const queue = new SearchQueue(2);
  const began: number[] = [];
  const searches = [0, 1, 2, 3].map(aSearch);
  const all = searches.map(({ run }, i) =>
    queue.take(() => {
      began.push(i);
      return run();
    }, undefined),
  );
  expect(began).toEqual([0, 1]);
  searches[1]?.end();
  await all[1];
  await expect.poll(() => began).toEqual([0, 1, 2]);
  for (const { end } of searches) end();
  await Promise.all(all);
  expect(began).toEqual([0, 1, 2, 3]);
});

test('an aborted search leaves the queue, and a failed one lets the next run', async () => {
  const queue = new SearchQueue(1);
  const first = aSearch();
  const failing = queue.take(() => first.run().then(() => Promise.reject(new Error('it failed'))), undefined);
  const gone = new AbortController();
  const given = queue.take(async () => 'searched for nobody', gone.signal);
  const last = queue.take(async () => 'found', undefined);
  gone.abort(new Error('the client left'));
  await expect(given).rejects.toThrow('the client left');
  first.end();
  await expect(failing).rejects.toThrow('it failed');
  expect(await last).toBe('found');
  await expect(queue.take(async () => 'x', gone.signal)).rejects.toThrow('the client left');
});

test('too many waiting searches are rejected, until some are done', async () => {
  const queue = new SearchQueue(1);
  const first = aSearch();
  const waiting = Array.from({ length: 2001 }, () => queue.take(first.run, undefined));
  await expect(queue.take(first.run, undefined)).rejects.toMatchObject({ code: 'too-many-searches' });
  first.end();
  await Promise.all(waiting);
  expect(await queue.take(async () => 'found', undefined)).toBe('found');
});
