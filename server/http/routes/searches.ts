import type { Request } from 'express';
import { MailstopError } from '../../../wire/errors.ts';
import * as wire from '../../../wire/state.ts';
import { readQuery } from '../../store/read-query.ts';
import type { Store } from '../../store/store.ts';
import { failsToWrite } from '../answer/problem.ts';
import { read } from '../request/request.ts';
import { type Backend, type Route, route } from '../route.ts';

/** Searches with a name. */
export function searchRoutes({ store }: Backend): readonly Route[] {
  return [
    route({
      method: 'get',
      path: '/api/searches',
      doc: { id: 'listSearches', does: 'The saved searches, by name.', gives: wire.searches },
      handle: async (_req, res) => void res.json(await allOf(store)),
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
        await readQuery(search.q, store);
        await store.saveSearch(search);
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
        if (!(await store.removeSearch(name)))
          throw new MailstopError('not-found', `There is no saved search with the name "${name}".`);
        res.json(await allOf(store));
      },
    }),
  ];
}

async function allOf(store: Pick<Store, 'searches'>): Promise<wire.Searches> {
  return { searches: [...(await store.searches())] };
}

function nameOf(req: Request): string {
  return read(wire.searchName, req.params['name'], 'name of the search');
}
