import { type ConnectOptions, connect as connectTo } from './connect.ts';
import { parseHtml } from './node-html.ts';
import { webSocket } from './node-websocket.ts';
import type { Sandbox } from './sandbox.ts';

/** The client for Node. */
export * from './index.ts';

/** Like the browser's `connect`, with a WebSocket and an HTML parser. */
export function connect(url: string | URL, options: ConnectOptions = {}): Promise<Sandbox> {
  return connectTo(url, {
    ...options,
    webSocket: options.webSocket ?? webSocket,
    parseHtml: options.parseHtml ?? parseHtml,
  });
}
