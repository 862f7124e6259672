import express from 'express';
import { MailstopError } from '../../wire/errors.ts';
import type { Live, Loading, Ready } from '../../wire/state.ts';
import { problems } from './answer/problem.ts';
import { refuse } from './feed.ts';
import { checkRequest, guard } from './guard.ts';
import type { Handler, HandlerOptions } from './handler.ts';
import { assets, fixedFiles, pagePaths, sendPage } from './pages.ts';

/** Handles requests while stored mail is being loaded: serves the inbox; everything else reports the progress. */
export function createStarting(progress: () => Loading, { log, ...guarded }: HandlerOptions): Handler {
  const starting = () => {
    const { done, total } = progress();
    const part = total === 0 ? '' : `: ${Math.floor((100 * done) / total)} % of ${total} files so far`;
    return new MailstopError('starting', `Mailstop is starting and still reading its mail${part}.`);
  };
  const app = express();
  app.disable('x-powered-by');
  app.use(guard(guarded));
  app.get('/livez', (_req, res) => void res.json({ live: true } satisfies Live));
  app.get('/readyz', (_req, res) => {
    const ready = { ready: false, smtp: 'not open yet', disk: null, loading: progress() } satisfies Ready;
    res.status(503).set('Retry-After', '1').json(ready);
  });
  app.get(pagePaths, sendPage);
  app.use('/assets', assets());
  app.use(fixedFiles());
  app.use((_req, res) => {
    res.set('Retry-After', '1');
    throw starting();
  });
  app.use(problems(log));
  return {
    answer: app,
    upgrade: (request, socket) => {
      try {
        checkRequest(request, guarded);
        throw starting();
      } catch (error) {
        refuse(socket, error);
      }
    },
    [Symbol.asyncDispose]: async () => {},
  };
}
