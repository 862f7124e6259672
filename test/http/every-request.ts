import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Express } from 'express';
import { allRoutes, createHandler } from '../../server/http/handler.ts';
import type { Backend, BodyType } from '../../server/http/route.ts';
import { silent } from '../../server/log.ts';

export interface EveryRequest {
  readonly method: string;
  /** With `:id`, `:session`, `:index` and `:name` still in it. */
  readonly pattern: string;
  readonly body: BodyType;
}

/** As Express keeps them. */
interface Layer {
  readonly route?: { readonly path: string | readonly string[]; readonly methods: Readonly<Record<string, boolean>> };
}

const built = join(import.meta.dirname, '../../dist/ui');

/**
 * Every request that the server handles: all routes of its router, so that new ones are included, the feed, the files of
 * the inbox, and a path that does not exist.
 */
export async function everyRequest(backend: Backend): Promise<readonly EveryRequest[]> {
  await using handler = createHandler(backend, { log: silent, allowedHosts: [], allowedOrigins: [] });
  const { stack } = (handler.answer as unknown as Express).router as unknown as { stack: readonly Layer[] };
  const bodies = new Map(allRoutes(backend).map(({ method, path, body = 'none' }) => [`${method} ${path}`, body]));
  const routes = stack.flatMap(({ route }) =>
    route === undefined
      ? []
      : [route.path].flat().flatMap((pattern) =>
          Object.keys(route.methods)
            .filter((method) => method !== '_all')
            .map((method) => ({
              method: method.toUpperCase(),
              pattern,
              body: bodies.get(`${method} ${pattern}`) ?? ('none' as const),
            })),
        ),
  );
  const files = readdirSync(built, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'index.html')
    .map((entry) => `${dirname(join(entry.parentPath, entry.name)).slice(built.length)}/${entry.name}`);
  const others = ['/api/feed', '/no/such/page', '/assets/none.js', ...files];
  return [...routes, ...others.map((pattern) => ({ method: 'GET', pattern, body: 'none' as const }))];
}

/** The path of a pattern. */
export function pathOf(pattern: string, id: string): string {
  return pattern.replace(':session', id).replace(':id', id).replace(':index', '0').replace(':name', 'one');
}
