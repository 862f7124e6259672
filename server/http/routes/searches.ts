import type { Request } from 'express';
import { MailstopError } from '../../../wire/errors.ts';
import * as wire from '../../../wire/state.ts';
import { failsToWrite } from '../answer/problem.ts';
import { read } from '../request/request.ts';
import { type Backend, type Route, route } from '../route.ts';

/** Searches with a name. */
export function searchRoutes({ searches }: Backend): readonly Route[] {
  return [
    route({
      method: 'get',
      path: '/api/searches',
      doc: { id: 'listSearches', does: 'The saved searches, by name.', gives: wire.searches },
      handle: (_req, res) => void res.json({ searches: [...searches.all] } satisfies wire.Searches),
    }),
    route({
      method: 'put',
      path: '/api/searches/:name',
      body: 'application/json',
      doc: {
        id: 'saveSearch',
        does: 'Saves a search under a name, replacing any search of that name.',
        takes: wire.searchBody,
        gives: wire.search,
        fails: ['bad-query', 'search-failed', ...failsToWrite],
      },
      handle: async (req, res) => {
        const search = { name: nameOf(req), q: read(wire.searchBody, req.body, 'body').q };
        await searches.save(search);
        res.json(search satisfies wire.Search);
      },
    }),
    route({
      method: 'delete',
      path: '/api/searches/:name',
      doc: {
        id: 'deleteSearch',
        does: 'Removes a saved search. Does not touch mail.',
        gives: wire.searches,
        fails: ['not-found', ...failsToWrite],
      },
      handle: async (req, res) => {
        const name = nameOf(req);
        if (!(await searches.remove(name)))
          throw new MailstopError('not-found', `There is no saved search with the name "${name}".`);
        res.json({ searches: [...searches.all] } satisfies wire.Searches);
      },
    }),
  ];
}

function nameOf(req: Request): string {
  return read(wire.searchName, req.params['name'], 'name of the search');
}
