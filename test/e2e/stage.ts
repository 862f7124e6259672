import { createTransport, type SendMailOptions } from 'nodemailer';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { type Api, createApi } from '../../client/index.ts';
import { type Running, start } from '../../server/app/start.ts';
import { type Config, defaults } from '../../server/config/config.ts';
import { silent } from '../../server/log.ts';

/** A Mailstop with a page that shows its inbox. */
export interface Stage extends AsyncDisposable {
  readonly mailstop: Running;
  readonly url: string;
  readonly api: Api;
  readonly page: Page;
  /** Sends through the SMTP port. @returns the id */
  send(mail: SendMailOptions): Promise<string>;
}

interface Options extends BrowserContextOptions {
  readonly config?: Partial<Config>;
  /** Where the page starts. */
  readonly path?: string;
  /** Runs before the page is opened. */
  readonly before?: (stage: Pick<Stage, 'api' | 'mailstop' | 'send'>) => Promise<unknown>;
}

export function startMailstop(config: Partial<Config> = {}): Promise<Running> {
  const ports = { smtpPort: 0, httpPort: 0, pop3Port: 0 };
  return start({ ...defaults, ...ports, ...config }, { log: silent, version: '0.0.0' });
}

/** @param browser what the page is opened in */
export async function openInbox(
  browser: Browser,
  { config, path = '/', before, ...context }: Options = {},
): Promise<Stage> {
  const mailstop = await startMailstop(config);
  const { smtp, http } = mailstop.about;
  const url = `http://${http.host}:${http.port}`;
  const api = createApi(url);
  const transport = createTransport({ ...smtp, ignoreTLS: true });
  const send = async (mail: SendMailOptions) => {
    const { response } = await transport.sendMail({ from: 'app@example.test', to: 'ada@example.test', ...mail });
    const [, id] = /queued as (\S+)/.exec(response) ?? [];
    if (id === undefined) throw new Error(`No id in "${response}"`);
    return id;
  };
  await before?.({ api, mailstop, send });
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, locale: 'en-GB', ...context });
  // Shorter than the timeout of a test, so that the error names the step.
  page.setDefaultTimeout(60_000);
  await page.goto(url + path);
  await page.getByText('Live', { exact: true }).waitFor({ state: 'attached' });
  return {
    mailstop,
    url,
    api,
    page,
    send,
    async [Symbol.asyncDispose]() {
      await page.close();
      transport.close();
      await mailstop[Symbol.asyncDispose]();
    },
  };
}

/** Polls until it holds: for changes on the server that cause no event in the page. */
export async function eventually<T>(ask: () => Promise<T>, holds: (value: T) => boolean): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    const value = await ask();
    if (holds(value)) return value;
    if (attempt === 200) throw new Error(`It never came to be: ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
