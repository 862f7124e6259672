import type { RequestListener } from 'node:http';
import express, { type Express, type RequestHandler } from 'express';
import { MailstopError } from '../errors.ts';
import type { Log } from '../log.ts';
import { startFeed, type Upgrade } from './feed.ts';
import { type GuardOptions, guard } from './guard.ts';
import { assets, fixedFiles, pagePaths, sendPage } from './pages.ts';
import { problems } from './problem.ts';
import type { Backend, BodyType, Route } from './route.ts';
import { docsRoutes } from './routes/docs.ts';
import { expectRoutes } from './routes/expect.ts';
import { singleMessageRoutes } from './routes/message.ts';
import { messageRoutes } from './routes/messages.ts';
import { searchRoutes } from './routes/searches.ts';
import { serverRoutes } from './routes/server.ts';

export interface HandlerOptions extends GuardOptions {
  readonly log: Log;
}

/** Octets of a JSON body; the largest there is names some tags. */
const MAX_JSON = 64 * 1024;

/** Every route there is. */
export function allRoutes(backend: Backend): readonly Route[] {
  // Fixed paths come before those with an id in their place.
  const routes = [
    ...messageRoutes(backend),
    ...expectRoutes(backend),
    ...singleMessageRoutes(backend),
    ...serverRoutes(backend),
    ...searchRoutes(backend),
  ];
  return [...routes, ...docsRoutes(routes, backend.version)];
}

/** What answers on the HTTP port. */
export interface Handler extends AsyncDisposable {
  readonly answer: RequestListener;
  /** For `upgrade` of the server: the feed. */
  readonly upgrade: Upgrade;
}

export function createHandler(backend: Backend, { log, ...guarded }: HandlerOptions): Handler {
  const feed = startFeed({ store: backend.store, run: backend.about().startedAt, ...guarded });
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
  for (const { method, path, body = 'none', handle } of routes) {
    app[method](path, onlyBody(body), ...readers(body, backend.messageBytes), handle);
  }
  // Not `app.all`: that is a handler for each of 35 methods, and most of what a start costs.
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

function readers(body: BodyType, messageBytes: number): RequestHandler[] {
  switch (body) {
    case 'none':
      return [];
    case 'application/json':
      return [express.json({ limit: MAX_JSON })];
    case 'message/rfc822':
      return [express.raw({ type: 'message/rfc822', limit: messageBytes, inflate: false })];
  }
}

/** Refuses a body of any other type: a form of another site can send text/plain, but never these. */
function onlyBody(expected: BodyType): RequestHandler {
  return (req, _res, next) => {
    const given = req.headers['content-type'];
    const empty = !req.headers['transfer-encoding'] && (req.headers['content-length'] ?? '0') === '0';
    // A mail may have no octets at all.
    const filled = !empty || expected === 'message/rfc822';
    if (expected === 'none' ? empty || req.method === 'GET' : filled && req.is(expected)) return next();
    const wanted = expected === 'none' ? 'no body' : `a body of type ${expected}`;
    const got = empty ? 'none' : `"${given ?? 'no Content-Type'}"`;
    throw new MailstopError('unsupported-media-type', `${req.method} ${req.path} takes ${wanted}, got ${got}.`);
  };
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
