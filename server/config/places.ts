import { MailstopError } from '../../wire/errors.ts';
import { type Kind, refuse } from './flag.ts';
import { several, shownPlainly } from './kinds.ts';

/** The kinds of values that name a network address. */

export const host: Kind<string> = {
  placeholder: '<address>',
  parse: (given) => (/^[^\s/]+$/.test(given[1]) ? given[1] : refuse(given, 'an IP address or a host name')),
  show: shownPlainly,
};

/** Host names allowed in the Host header; `*.example.org` allows all its subdomains. */
export const hostNames: Kind<readonly string[]> = {
  placeholder: several.placeholder,
  parse: ([name, text]) => {
    const given = several.parse([name, text]);
    const wrong = given.find((one) => !/^(?:\*\.)?[\w-]+(?:\.[\w-]+)*$/.test(one));
    return wrong === undefined
      ? given
      : refuse([name, wrong], 'a host name like mail.test or *.mail.test, without scheme, port and path');
  },
  show: several.show,
};

/** Origins as browsers send them: scheme, host and port. */
export const origins: Kind<readonly string[]> = {
  placeholder: '<origin...>',
  parse: ([name, text]) => {
    const given = several.parse([name, text]);
    for (const one of given) {
      const origin = URL.canParse(one) ? new URL(one).origin : '';
      // `URL` has no origin for other schemes, such as that of a browser extension.
      const own = origin === 'null' && /^[a-z][a-z0-9+.-]*:\/\/[^/?#\s]+$/.test(one);
      if (origin !== one && !own) refuse([name, one], 'an origin like https://app.test:3000, without a path');
    }
    return given;
  },
  show: several.show,
};

/** URL of Mailstop's inbox and REST API. */
export const inboxUrl: Kind<URL> = {
  placeholder: '<url>',
  parse: (given) => {
    const url = URL.canParse(given[1]) ? new URL(given[1]) : null;
    if (url && /^https?:$/.test(url.protocol)) return withoutLogin(given[0], url);
    return refuse(given, 'a URL like http://127.0.0.1:8025');
  },
  show: (url) => url?.origin ?? '',
};

/** `fetch` rejects a URL that contains a login. Don't echo it: a password does not belong on a screen. */
function withoutLogin(name: string, url: URL): URL {
  if (url.username === '' && url.password === '') return url;
  throw new MailstopError('bad-config', `${name} must be a URL without username and password: Mailstop asks for none`);
}

/** A host and a port: `127.0.0.1:1025`, `[::1]:1025`. */
export const place: Kind<{ readonly host: string; readonly port: number } | null> = {
  placeholder: '<host:port>',
  parse: (given) => {
    const [, bracketed, plain, digits] = /^(?:\[([0-9a-fA-F:.]+)\]|([^\s/:@[\]]+)):(\d{1,5})$/.exec(given[1]) ?? [];
    const [host, port] = [bracketed ?? plain, Number(digits)];
    return host !== undefined && port > 0 && port < 65_536
      ? { host, port }
      : refuse(given, 'a host and port like 127.0.0.1:1025');
  },
  show: (at) => (at === null ? '' : `${at.host}:${at.port}`),
};
