import { expect, test, vi } from 'vitest';
import { aServer } from './a-server.ts';

const loads = vi.hoisted(() => ({ failing: 1 }));

vi.mock('../../server/http/handler.ts', async (load) => {
  const handler = await load<typeof import('../../server/http/handler.ts')>();
  const createHandler: typeof handler.createHandler = (...given) => {
    if (loads.failing-- > 0) throw new Error('EMFILE: too many open files');
    return handler.createHandler(...given);
  };
  return { ...handler, createHandler };
});

test('a module that cannot be loaded at the start does not end the process; the next request tries again', async () => {
  await using server = await aServer();
  expect(await server.ask('GET', '/livez')).toMatchObject({ status: 503 });
  expect(await server.ask('GET', '/livez')).toMatchObject({ status: 200 });
  expect(server.logged).toEqual(['http not ready {"reason":"EMFILE: too many open files"}']);
});
