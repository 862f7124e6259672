import { z } from 'zod';
import { docsPage, docsPolicy } from '../docs/docs-page.ts';
import { describeApi, type OpenApi } from '../docs/openapi.ts';
import { type Route, route } from '../route.ts';

/** The API description, generated on the first request for it. */
export function docsRoutes(others: readonly Route[], version: string): readonly Route[] {
  let made: OpenApi | undefined;
  const description = () => {
    made ??= describeApi([...others, ...routes], version);
    return made;
  };
  const routes: readonly Route[] = [
    route({
      method: 'get',
      path: '/api/openapi.json',
      doc: {
        id: 'getOpenApi',
        does: 'This description, as OpenAPI 3.1.',
        gives: z.looseObject({ openapi: z.string() }),
      },
      handle: (_req, res) => void res.json(description()),
    }),
    route({
      method: 'get',
      path: '/api/docs',
      doc: { id: 'getDocs', does: 'This description, for people.', gives: 'text/html' },
      handle: (_req, res) => {
        res.set('Content-Security-Policy', docsPolicy());
        res.type('text/html; charset=utf-8').send(docsPage(description()));
      },
    }),
  ];
  return routes;
}
