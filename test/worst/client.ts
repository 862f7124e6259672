import { ENVELOPED } from '../../wire/enveloped.ts';
import { MARKS, many } from './mails.ts';

/** Statuses that are answers: 400 is a query that is too costly, 404 no HTML, 408 and 417 an unmet expectation. */
const EXPECTED = new Set([200, 201, 400, 404, 408, 417]);

/** Asks a server for everything that a mail or a query can make expensive. */
export class WorstClient {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  /** @throws on any other status: an input that is rejected before it costs anything would measure nothing */
  async ask(path: string, init?: RequestInit): Promise<Buffer> {
    const response = await fetch(this.#url + path, init);
    const body = Buffer.from(await response.arrayBuffer());
    if (!EXPECTED.has(response.status))
      throw new Error(`${path.slice(0, 100)} was answered with ${response.status}: ${body.toString('utf8', 0, 500)}`);
    return body;
  }

  postJson(path: string, body: object): Promise<Buffer> {
    const headers = { 'content-type': 'application/json' };
    return this.ask(path, { method: 'POST', headers, body: JSON.stringify(body) });
  }

  /** @returns the id of the mail */
  async put(mail: Buffer): Promise<string> {
    // The server ends connections that are idle; one that it has just ended can't be used for a large mail.
    const headers = { 'content-type': 'message/rfc822', connection: 'close' };
    const body = new Uint8Array(mail);
    const answer = await this.ask('/api/messages?to=b@x.test', { method: 'POST', headers, body });
    const { id } = JSON.parse(String(answer)) as { id: string };
    return id;
  }

  /** Puts in a mail with an envelope in front of it, which may be wrong. */
  putEnveloped(envelope: object): Promise<Buffer> {
    const headers = { 'content-type': ENVELOPED, connection: 'close' };
    return this.ask('/api/messages', { method: 'POST', headers, body: `${JSON.stringify(envelope)}\nSubject: x\n\n` });
  }

  clear(): Promise<Buffer> {
    return this.ask('/api/messages?all=true', { method: 'DELETE' });
  }

  search(q: string): Promise<Buffer> {
    return this.ask(`/api/messages?q=${encodeURIComponent(q)}`);
  }

  expect(body: object): Promise<Buffer> {
    return this.postJson('/api/expect', body);
  }

  /** Delivers a mail, then reads, lists, searches and expects it. */
  async readAndSearch(mail: Buffer): Promise<void> {
    const id = await this.put(mail);
    await this.ask('/api/messages');
    await this.ask(`/api/messages/${id}`);
    await this.ask(`/api/messages/${id}/html`);
    for (const q of ['zzz', 'html:zzz', 'header:X-Long=zzz', 'text:/zz+/', 'filename:zzz', 'to:a'])
      await this.search(q);
    await this.expect({ within: 0, q: 'zzz', message: { text: 'x' } });
    await this.expect({ within: 0, message: { html: { contains: 'zzz' }, headers: { 'X-Long': 'zzz' } } });
  }

  /** Replaces the mail with mails that are long everywhere, for the queries and expectations. */
  async storeLongMails(): Promise<void> {
    await this.clear();
    const from = many(1000, (i) => `a${i}@x.test`).join(', ');
    const ab = many(250_000, (i) => ((i * 7919) % 13 > 6 ? 'a' : 'b')).join('');
    for (const body of ['a'.repeat(262_144), ab, 'Привет мир '.repeat(20_000), `a${MARKS.repeat(9)}`.repeat(9000)]) {
      const head = `To: ${from}\r\nX-Long: ${'a'.repeat(200_000)}\r\nContent-Type: multipart/mixed; boundary=b`;
      const parts = ['text/plain', 'text/html'].map(
        (type) => `--b\r\nContent-Type: ${type}; charset=utf-8\r\n\r\n${body}\r\n`,
      );
      await this.put(Buffer.from(`${head}\r\n\r\n${parts.join('').repeat(3)}--b--\r\n`));
    }
    const file = '--c\r\nContent-Disposition: attachment; filename=aaaaaa.txt\r\n\r\nx\r\n'.repeat(1000);
    for (let i = 0; i < 5; i++)
      await this.put(Buffer.from(`Content-Type: multipart/mixed; boundary=c\r\n\r\n${file}--c--`));
    await this.search('text:zzz');
  }

  /** Pays what everybody pays once, such as loading what is only loaded on first use. */
  async warmUp(): Promise<void> {
    for (let i = 0; i < 3; i++) await this.readAndSearch(Buffer.from('Subject: a\r\n\r\nhello\r\n'));
  }
}
