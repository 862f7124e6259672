import { createServer } from 'node:http';
import { createTransport } from 'nodemailer';
import type { Place } from '../../client/index.ts';
import { listen } from '../../server/net/listen.ts';

/** The page of a shop where whoever forgot the password gets a mail with a link to the next page. */
export async function aShop(smtp: Place): Promise<AsyncDisposable & { readonly url: string }> {
  const page = (body: string) => `<!doctype html><title>Shop</title>${body}`;
  const server = createServer(async (req, res) => {
    const { pathname, searchParams } = new URL(req.url ?? '/', url);
    const to = searchParams.get('email');
    if (to !== null) {
      const text = `Choose a new one: ${url}/reset?token=4f9a2c\n`;
      const mail = { from: 'shop@example.test', to, subject: 'Reset your password', text };
      await createTransport({ host: smtp.host, port: smtp.port }).sendMail(mail);
    }
    res.setHeader('Content-Type', 'text/html');
    if (pathname === '/reset') return void res.end(page('<h1>Choose a new password</h1>'));
    res.end(page('<form action="/sent"><input name="email"><button>Send me a link</button></form>'));
  });
  const { port } = await listen('The shop', server, { host: '127.0.0.1', port: 0 });
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
    },
  };
}
