import type { RequestListener } from 'node:http';
import express, { type Express, type RequestHandler } from 'express';
import { MailstopError, reasonOf } from '../../wire/errors.ts';
import type { Log } from '../log.ts';
import { problems } from './answer/problem.ts';
import { startFeed, type Upgrade } from './feed.ts';
import { type GuardOptions, guard } from './guard.ts';
import { assets, fixedFiles, pagePaths, sendPage } from './pages.ts';
import { bodyOf } from './request/body.ts';
import type { Backend, Route } from './route.ts';
import { docsRoutes } from './routes/docs.ts';
import { expectRoutes } from './routes/expect.ts';
import { singleMessageRoutes } from './routes/message.ts';
import { messageRoutes } from './routes/messages.ts';
import { searchRoutes } from './routes/searches.ts';
import { serverRoutes } from './routes/server.ts';
import { sessionRoutes } from './routes/sessions.ts';

export interface HandlerOptions extends GuardOptions {
  readonly log: Log;
}

/** All routes. */
export function allRoutes(backend: Backend): readonly Route[] {
  // Fixed paths must come before those with an id in the same position.
  const routes = [
    ...messageRoutes(backend),
    ...expectRoutes(backend),
    ...singleMessageRoutes(backend),
    ...serverRoutes(backend),
    ...searchRoutes(backend),
    ...sessionRoutes(backend),
  ];
  return [...routes, ...docsRoutes(routes, backend.version)];
}

/** Handles all requests on the HTTP port. */
export interface Handler extends AsyncDisposable {
  readonly answer: RequestListener;
  /** For the server's `upgrade` event: the feed. */
  readonly upgrade: Upgrade;
}

export function createHandler(backend: Backend, { log, ...guarded }: HandlerOptions): Handler {
  const feed = startFeed({
    store: backend.store,
    report: (error) => log.error('feed failed', { reason: reasonOf(error) }),
    ...guarded,
  });
  return {
    answer: createApp(backend, { log, ...guarded }),
    upgrade: feed.upgrade,
    [Symbol.asyncDispose]: () => Promise.resolve(feed[Symbol.asyncDispose]()),
  };
}

function createApp(backend: Backend, { log, ...guarded }: HandlerOptions): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('query parser', 'simple');
  app.use(guard(guarded));

  const routes = allRoutes(backend);
  for (const route of routes) app[route.method](route.path, ...bodyOf(route, backend), route.handle);
  // Not `app.all`: it adds a handler for each of 35 methods, which would dominate the start time.
  for (const path of new Set(routes.map((route) => route.path))) app.route(path).all(wrongMethod(path, routes));

  app.get(pagePaths, sendPage);
  app.use('/assets', assets());
  app.use(fixedFiles());
  app.use((req) => {
    throw new MailstopError('not-found', `There is nothing at "${req.path}".`);
  });
  app.use(problems(log));
  return app;
}

function wrongMethod(path: string, routes: readonly Route[]): RequestHandler {
  const allowed = routes.filter((route) => route.path === path).map(({ method }) => method.toUpperCase());
  return (req, res) => {
    res.set('Allow', allowed.join(', '));
    throw new MailstopError(
      'method-not-allowed',
      `${req.method} ${req.path} is not possible: expected ${allowed.join(' or ')}.`,
    );
  };
}
