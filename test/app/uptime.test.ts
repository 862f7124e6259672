import { expect, test } from 'vitest';
import { start } from '../../server/app/start.ts';
import { defaults } from '../../server/config/config.ts';
import { silent } from '../../server/log.ts';
import { ask } from '../http/a-server.ts';

const DAY_MS = 86_400_000;

test.each([-DAY_MS, DAY_MS])('setting the clock by %i ms does not change the uptime', async (by) => {
  let offset = 0;
  const now = () => new Date(Date.now() + offset);
  const config = { ...defaults, smtpPort: 0, httpPort: 0, pop3Port: 0 };
  await using running = await start(config, { log: silent, version: '0.0.0', now });
  offset = by;
  const { uptime, startedAt } = (await ask(running.about.http.port, 'GET', '/api/server')).json;
  expect(uptime).toBeGreaterThanOrEqual(0);
  expect(uptime).toBeLessThan(DAY_MS / 2);
  expect(Date.parse(startedAt) - Date.now()).toBeLessThan(DAY_MS / 2);
});
