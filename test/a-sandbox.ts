import { start } from '../server/app/start.ts';
import { type Config, defaults } from '../server/config/config.ts';
import { silent } from '../server/log.ts';
import type { Message, Summary } from '../wire/message.ts';
import { ask } from './http/a-server.ts';

/** A whole Mailstop on free ports, with helpers to query it. */
export async function aSandbox(config: Partial<Config> = {}) {
  const running = await start(
    { ...defaults, smtpPort: 0, httpPort: 0, pop3Port: 0, ...config },
    { log: silent, version: '0.0.0' },
  );
  const { smtp, http, pop3 } = running.about;
  const get = (path: string) => ask(http.port, 'GET', path);
  return {
    ...running,
    smtp,
    http,
    pop3,
    url: `http://127.0.0.1:${http.port}`,
    get,
    raw: async (id: string) => (await get(`/api/messages/${id}/raw`)).bytes,
    message: async (id: string): Promise<Message> => (await get(`/api/messages/${id}`)).json,
    list: async (q = ''): Promise<Summary[]> => (await get(`/api/messages?q=${encodeURIComponent(q)}`)).json.messages,
    [Symbol.asyncDispose]: async () => running[Symbol.asyncDispose](),
  };
}
