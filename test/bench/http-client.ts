import { Agent, request } from 'node:http';
import type { z } from 'zod';

/** @throws if the response is not a success */
export async function ask(url: string, init?: RequestInit): Promise<Response> {
  const response = await fetch(url, init);
  if (!response.ok) throw new Error(`${url} answers ${response.status}: ${await response.text()}`);
  return response;
}

export async function getJson<T>(url: string, schema: z.ZodType<T>): Promise<T> {
  const response = await ask(url);
  return schema.parse(await response.json());
}

/** An HTTP client with one kept connection that costs less than `fetch`, where a request takes a fraction of a millisecond. */
export class HttpClient implements Disposable {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  readonly #port: number;

  constructor(port: number) {
    this.#port = port;
  }

  /** @returns the body of the response; @throws if it is not a success */
  ask(method: string, path: string, body?: { readonly type: string; readonly octets: Buffer }): Promise<string> {
    return new Promise((resolve, reject) => {
      const headers = body ? { 'content-type': body.type } : {};
      const asked = request({ host: '127.0.0.1', port: this.#port, agent: this.#agent, method, path, headers });
      asked.on('error', reject);
      asked.on('response', (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('error', reject);
        response.on('end', () => {
          if (response.statusCode !== undefined && response.statusCode < 300) resolve(text);
          else reject(new Error(`${method} ${path} answers ${response.statusCode}: ${text}`));
        });
      });
      asked.end(body?.octets);
    });
  }

  /** @returns milliseconds from the request to the end of its answer */
  async time(method: string, path: string): Promise<number> {
    const start = performance.now();
    await this.ask(method, path);
    return performance.now() - start;
  }

  [Symbol.dispose](): void {
    this.#agent.destroy();
  }
}
