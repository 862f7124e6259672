import { WebSocket } from 'ws';
import type { Socket } from './api/feed.ts';

/** Node 20 has no WebSocket of its own. */
export function webSocket(url: string): Socket {
  // Its handlers have the same shape; only their event types differ.
  return new WebSocket(url) as unknown as Socket;
}
