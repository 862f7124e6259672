import { describe, expect, test } from 'vitest';
import { defaults, readConfig, serviceLinks, unknownVariables } from '../../server/config/config.ts';
import { variableOf } from '../../server/config/flag.ts';
import { MailstopError } from '../../wire/errors.ts';

test('unset options have their defaults', () => {
  expect(readConfig({}, {})).toEqual(defaults);
  expect(defaults).toMatchObject({ host: '127.0.0.1', smtpPort: 1025, httpPort: 8025, pop3Port: 1110 });
  expect(defaults).toMatchObject({ maxMessages: 10_000, maxBytes: 512 * 1024 ** 2, maxMessageSize: 50 * 1024 ** 2 });
});

test('flags win over the environment, the environment over the defaults', () => {
  const env = { MAILSTOP_SMTP_PORT: '2525', MAILSTOP_HTTP_PORT: '8080', MAILSTOP_MAX_BYTES: '' };
  expect(readConfig({ smtpPort: '25' }, env)).toEqual({ ...defaults, smtpPort: 25, httpPort: 8080 });
});

describe('values are parsed', () => {
  const table: readonly [variable: string, text: string, expected: object][] = [
    ['OPEN', 'true', { open: true }],
    ['OPEN', '1', { open: true }],
    ['OPEN', 'YES', { open: true }],
    ['OPEN', 'false', { open: false }],
    ['OPEN', '0', { open: false }],
    ['OPEN', 'no', { open: false }],
    ['POP3_PORT', 'off', { pop3Port: null }],
    ['POP3_PORT', '0', { pop3Port: 0 }],
    ['DATA', '/var/mail/mailstop', { data: '/var/mail/mailstop' }],
    ['MAX_BYTES', '1048576', { maxBytes: 1048576 }],
    ['MAX_BYTES', '64k', { maxBytes: 65536 }],
    ['MAX_BYTES', '50MiB', { maxBytes: 50 * 1024 ** 2 }],
    ['MAX_BYTES', '2 GB', { maxBytes: 2 * 1024 ** 3 }],
    ['MAX_AGE', '7d', { maxAge: 7 * 86_400_000 }],
    ['MAX_AGE', '90M', { maxAge: 90 * 60_000 }],
    ['MAX_AGE', 'off', { maxAge: null }],
    ['MIN_FREE_DISK', '1g', { minFreeDisk: 1024 ** 3 }],
    ['MIN_FREE_DISK', 'off', { minFreeDisk: null }],
    ['ALLOWED_HOST', 'a.example, b.example', { allowedHost: ['a.example', 'b.example'] }],
    ['LOG_FORMAT', 'JSON', { logFormat: 'json' }],
  ];
  test.each(table)('MAILSTOP_%s=%s', (variable, text, expected) => {
    expect(readConfig({}, { [`MAILSTOP_${variable}`]: text })).toMatchObject(expected);
  });

  test('a switch without a value is on; a list may be given in several flags', () => {
    expect(readConfig({ open: true, allowedHost: ['a.example', 'b.example'] }, {})).toMatchObject({
      open: true,
      allowedHost: ['a.example', 'b.example'],
    });
  });
});

describe('an invalid value is named with its source and what was expected', () => {
  const table: readonly [flags: object, env: NodeJS.ProcessEnv, error: string][] = [
    [{}, { MAILSTOP_SMTP_PORT: '25x' }, 'MAILSTOP_SMTP_PORT must be a whole number from 0 to 65535, got "25x"'],
    [{ smtpPort: '70000' }, {}, '--smtp-port must be a whole number from 0 to 65535, got "70000"'],
    [{ smtpPort: '-1' }, {}, '--smtp-port must be a whole number from 0 to 65535, got "-1"'],
    [{ pop3Port: 'none' }, {}, '--pop3-port must be a whole number from 0 to 65535 or "off", got "none"'],
    [{ maxMessages: '0' }, {}, '--max-messages must be a whole number from 1 to 1000000000, got "0"'],
    [{ maxAge: '7' }, {}, '--max-age must be a time like 30s, 90m, 12h, 7d or 2w, or "off", got "7"'],
    [{ maxAge: '0d' }, {}, '--max-age must be a time like 30s, 90m, 12h, 7d or 2w, or "off", got "0d"'],
    [
      {},
      { MAILSTOP_MIN_FREE_DISK: 'some' },
      'MAILSTOP_MIN_FREE_DISK must be a size like 50MiB, 512k or 1048576, or "off", got "some"',
    ],
    [{ maxBytes: '1.5' }, {}, '--max-bytes must be a size like 50MiB, 512k or 1048576, got "1.5"'],
    [{ maxBytes: '0' }, {}, '--max-bytes must be a size like 50MiB, 512k or 1048576, got "0"'],
    [{ host: 'http://x' }, {}, '--host must be an IP address or a host name, got "http://x"'],
    [{ logFormat: 'xml' }, {}, '--log-format must be auto or text or json, got "xml"'],
    [
      { allowedOrigin: 'app.test' },
      {},
      '--allowed-origin must be an origin like https://app.test:3000, without a path, got "app.test"',
    ],
    ...['http://foo', 'foo.test:8025', 'foo.test/', 'foo.test.', '*', '*foo.test', 'a b', '[::1]'].map(
      (name): [object, NodeJS.ProcessEnv, string] => [
        { allowedHost: ['ok.test', name] },
        {},
        `--allowed-host must be a host name like mail.test or *.mail.test, without scheme, port and path, got "${name}"`,
      ],
    ),
    [{}, { MAILSTOP_OPEN: 'maybe' }, 'MAILSTOP_OPEN must be yes or no, got "maybe"'],
  ];
  test.each(table)('%j %j', (flags, env, error) => {
    expect(() => readConfig({ ...flags }, env)).toThrow(new MailstopError('bad-config', error));
  });
});

test('a host name may include its subdomains', () => {
  const allowedHost = ['localhost', 'Mail.Example.Test', '*.corp.test', 'a_b.test', '10.0.0.1'];
  expect(readConfig({ allowedHost }, {})).toMatchObject({ allowedHost });
});

test('the origin of a browser extension is accepted', () => {
  const allowedOrigin = ['https://app.test:3000', 'chrome-extension://abcdef'];
  expect(readConfig({ allowedOrigin }, {})).toMatchObject({ allowedOrigin });
});

test('a variable set by Kubernetes counts as unset, and is named', () => {
  const env = { MAILSTOP_SMTP_PORT: 'tcp://10.0.0.1:1025', MAILSTOP_HTTP_PORT: '8080' };
  expect(readConfig({}, env)).toMatchObject({ smtpPort: 1025, httpPort: 8080 });
  expect(serviceLinks(env)).toEqual(['MAILSTOP_SMTP_PORT']);
  expect(() => readConfig({ smtpPort: 'tcp://10.0.0.1:1025' }, {})).toThrow('--smtp-port must be');
});

describe('unknown variables', () => {
  const unknown = (env: NodeJS.ProcessEnv) => unknownVariables(env, ['url', 'smtp']);

  test('are named with a similar one', () => {
    expect(
      unknown({ MAILSTOP_SMPT_PORT: '1', MAILSTOP_POP_PORT: '1', MAILSTOP_ULR: 'x', MAILSTOP_COLOUR: 'x' }),
    ).toEqual([
      { name: 'MAILSTOP_SMPT_PORT', nearest: 'MAILSTOP_SMTP_PORT' },
      { name: 'MAILSTOP_POP_PORT', nearest: 'MAILSTOP_POP3_PORT' },
      { name: 'MAILSTOP_ULR', nearest: 'MAILSTOP_URL' },
      { name: 'MAILSTOP_COLOUR', nearest: null },
    ]);
  });

  test('do not include those of the server and the verbs, empty ones, those of other programs, and those of Kubernetes', () => {
    const known = Object.fromEntries(Object.keys(defaults).map((key) => [variableOf(key), 'x']));
    expect(unknown({ ...known, MAILSTOP_URL: 'x', MAILSTOP_SMTP: 'x', MAILSTOP_SMPT_PORT: '', PATH: 'x' })).toEqual([]);
    expect(
      unknown({
        MAILSTOP_SERVICE_HOST: '10.0.0.1',
        MAILSTOP_SERVICE_PORT: '1025',
        MAILSTOP_SERVICE_PORT_HTTP: '8025',
        MAILSTOP_PORT: 'tcp://10.0.0.1:1025',
        MAILSTOP_PORT_1025_TCP: 'tcp://10.0.0.1:1025',
        MAILSTOP_PORT_1025_TCP_PROTO: 'tcp',
      }),
    ).toEqual([]);
  });
});
