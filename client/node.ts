import { type ConnectOptions, connect as connectTo } from './connect.ts';
import { webSocket } from './node-websocket.ts';
import type { Sandbox } from './sandbox.ts';

/** The client as Node gets it. */
export * from './index.ts';

/** Like `connect` of a browser, with a WebSocket. */
export function connect(url: string | URL, options: ConnectOptions = {}): Promise<Sandbox> {
  return connectTo(url, { ...options, webSocket: options.webSocket ?? webSocket });
}
