import { WebSocket } from 'ws';
import type { Socket } from './api/feed.ts';

/** Node 20 has no WebSocket of its own. */
export function webSocket(url: string): Socket {
  // Its handlers are of the same shape; only the types of their events are its own.
  return new WebSocket(url) as unknown as Socket;
}
