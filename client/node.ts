import { type ConnectOptions, connect as connectTo } from './connect.ts';
import { parseHtml } from './node-html.ts';
import { webSocket } from './node-websocket.ts';
import type { Sandbox } from './sandbox.ts';

/** The client as Node gets it. */
export * from './index.ts';

/** Like `connect` of a browser, with a WebSocket and a parser of HTML. */
export function connect(url: string | URL, options: ConnectOptions = {}): Promise<Sandbox> {
  return connectTo(url, {
    ...options,
    webSocket: options.webSocket ?? webSocket,
    parseHtml: options.parseHtml ?? parseHtml,
  });
}
