import { expect, test } from 'vitest';
import { Closer } from '../server/closer.ts';
import { inOwnProcess } from './own-process.ts';

const noting = (closed: string[], name: string) => ({
  async [Symbol.asyncDispose]() {
    closed.push(name);
  },
});

test('closes in reverse order', async () => {
  const closed: string[] = [];
  {
    await using closer = new Closer();
    closer.use(noting(closed, 'a'));
    closer.defer(() => void closed.push('b'));
    closer.use(noting(closed, 'c'));
  }
  expect(closed).toEqual(['c', 'b', 'a']);
});

test('closes all at once if asked to: none waits for another', async () => {
  const closer = new Closer('all at once');
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  closer.defer(() => release());
  closer.defer(() => released);
  await closer.move()[Symbol.asyncDispose]();
});

test('what was moved is only closed by its new owner', async () => {
  const closed: string[] = [];
  const closer = new Closer();
  closer.use(noting(closed, 'a'));
  const owner = closer.move();
  await closer[Symbol.asyncDispose]();
  expect(closed).toEqual([]);
  await owner[Symbol.asyncDispose]();
  await owner[Symbol.asyncDispose]();
  expect(closed).toEqual(['a']);
});

test('a failure does not keep the others open', async () => {
  const closed: string[] = [];
  const closer = new Closer();
  closer.use(noting(closed, 'a'));
  closer.defer(() => Promise.reject(new Error('stuck')));
  closer.use(noting(closed, 'c'));
  await expect(closer[Symbol.asyncDispose]()).rejects.toThrow('stuck');
  expect(closed).toEqual(['c', 'a']);
});

test('closing is awaited, even if nothing else keeps the process alive', async () => {
  const code = `
    import { setTimeout } from 'node:timers/promises';
    import { Closer } from '../server/closer.ts';
    const closer = new Closer();
    closer.defer(() => setTimeout(10, undefined, { ref: false }));
    await closer[Symbol.asyncDispose]();
    console.log('closed');`;
  expect(await inOwnProcess(code)).toBe('closed\n');
});
