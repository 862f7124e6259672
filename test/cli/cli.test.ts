import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { readGreeting } from '../../server/net/greeting.ts';

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** The command as a child process. */
class Command implements AsyncDisposable {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  #out = '';
  #heard = () => {};

  constructor(args: readonly string[], env: Record<string, string> = {}) {
    const { PATH = '' } = process.env;
    this.child = spawn(process.execPath, [CLI, ...args], { env: { PATH, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    let err = '';
    this.child.stdout?.on('data', (data) => {
      this.#out += data;
      this.#heard();
    });
    this.child.stderr?.on('data', (data) => {
      err += data;
    });
    this.ended = new Promise((resolve) => this.child.on('close', (code) => resolve({ code, out: this.#out, err })));
  }

  /** Resolves with what was printed once it matches; rejects when the command ends without. */
  async printed(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this.#out);
      if (match) return match;
      const heard = new Promise<void>((resolve) => {
        this.#heard = resolve;
      });
      const ended = this.ended.then(({ code, out, err }) => {
        if (!pattern.test(out)) throw new Error(`ended with ${code} before it printed ${pattern}:\n${out}\n${err}`);
      });
      await Promise.race([heard, ended]);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }
}

const FREE = ['--smtp-port', '0', '--http-port', '0', '--pop3-port', '0'];

test('prints where it listens, for people', async () => {
  await using command = new Command([...FREE, '--log-format', 'text']);
  const [, inbox = '', smtp = '', pop3 = ''] = await command.printed(
    /Inbox +(http:\/\/localhost:\d+)\n +SMTP +127\.0\.0\.1:(\d+)\n +POP3 +127\.0\.0\.1:(\d+)\n/,
  );
  expect(await (await fetch(`${inbox}/livez`)).json()).toEqual({ live: true });
  expect(await readGreeting({ host: '127.0.0.1', port: Number(smtp) }, 5000)).toMatch(/^220 .*ESMTP/);
  expect(await readGreeting({ host: '127.0.0.1', port: Number(pop3) }, 5000)).toMatch(/^\+OK /);
});

test('prints JSON lines when it is not on a terminal', async () => {
  await using command = new Command(FREE);
  const [line = ''] = await command.printed(/^\{.*\}\n/);
  expect(JSON.parse(line)).toMatchObject({
    event: 'listening',
    inbox: expect.stringMatching(/^http:/),
    smtp: expect.stringMatching(/:\d+$/),
  });
});

test.each(['SIGINT', 'SIGTERM'] as const)('%s stops it cleanly, also with clients connected', async (signal) => {
  await using command = new Command([...FREE, '--log-format', 'text']);
  const [, port = ''] = await command.printed(/SMTP +127\.0\.0\.1:(\d+)/);
  const [, inbox = ''] = await command.printed(/Inbox +(\S+)/);
  await readGreeting({ host: '127.0.0.1', port: Number(port) }, 5000);
  await fetch(`${inbox}/api/server`);
  const feed = new WebSocket(`${inbox.replace('http', 'ws')}/api/feed`);
  await new Promise((resolve) => feed.once('message', resolve));
  command.child.kill(signal);
  expect(await command.ended).toMatchObject({
    code: 0,
    err: '',
    out: expect.stringContaining(`stopping  signal=${signal}`),
  });
});

test('an occupied port is named, nothing stays half-started, and the exit code is 3', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  const { port } = other.address() as { port: number };
  try {
    await using command = new Command(['--smtp-port', '0', '--pop3-port', '0', '--http-port', String(port)]);
    const { code, err, out } = await command.ended;
    expect([code, out]).toEqual([3, '']);
    expect(err).toMatch(
      new RegExp(
        `^mailstop: HTTP cannot listen on 127\\.0\\.0\\.1:${port}: the port is already taken.*\n.*--http-port`,
      ),
    );
  } finally {
    other.close();
  }
});

test('an address that this machine does not have is named, with those that it has', async () => {
  // A documentation address (RFC 5737), which no machine has.
  await using command = new Command([...FREE, '--host', '192.0.2.1']);
  const { code, out, err } = await command.ended;
  expect([code, out]).toEqual([3, '']);
  expect(err).toMatch(
    /^mailstop: HTTP cannot listen on 192\.0\.2\.1:0: this machine has no such address\n--host takes /,
  );
});

test('a folder that cannot be used is explained in words', async () => {
  const file = fileURLToPath(import.meta.url);
  for (const [path, reason] of [
    [file, 'it is a file, not a folder'],
    [`${file}/mail`, 'a part of the path is a file, not a folder'],
  ] as const) {
    await using command = new Command([...FREE, '--data', path]);
    const { code, err } = await command.ended;
    expect([code, err]).toEqual([3, expect.stringContaining(`mailstop: ${path} can't be used for mail: ${reason} (E`)]);
  }
});

test('an unknown variable gives a warning that suggests a similar one', async () => {
  await using command = new Command(FREE, { MAILSTOP_SMPT_PORT: '2525', MAILSTOP_URL: 'http://127.0.0.1:8025' });
  const [line] = await command.printed(/^.*unknown variable ignored.*$/m);
  expect(JSON.parse(line)).toMatchObject({
    level: 'warn',
    name: 'MAILSTOP_SMPT_PORT',
    nearest: 'MAILSTOP_SMTP_PORT',
  });
});

const wrong: readonly [args: string[], env: Record<string, string>, error: RegExp][] = [
  [['--smtp-port', '25x'], {}, /--smtp-port must be a whole number from 0 to 65535, got "25x"/],
  [[], { MAILSTOP_HTTP_PORT: 'eighty' }, /MAILSTOP_HTTP_PORT must be .* got "eighty"/],
  [['--smtp-prot', '25'], {}, /unknown option '--smtp-prot'[\s\S]*--smtp-port/],
  [['--smtp-port'], {}, /--smtp-port.*argument missing/],
  [['lst'], {}, /^error: unknown verb 'lst'\n\(Did you mean list\?\)/],
  [['surve'], {}, /unknown verb 'surve'\n\(Did you mean serve\?\)/],
  [['frobnicate'], {}, /unknown verb 'frobnicate'\nmailstop --help lists/],
  [['help', 'lst'], {}, /unknown verb 'lst'\n\(Did you mean list\?\)/],
  [['nope', '--help'], {}, /^error: unknown verb 'nope'\n/],
  [['lst', '-h'], {}, /^error: unknown verb 'lst'\n\(Did you mean list\?\)/],
  [['--allowed-host', 'http://foo'], {}, /--allowed-host must be a host name .* got "http:\/\/foo"/],
  [['--http-port', '1025'], {}, /--smtp-port and --http-port are both 1025: each service needs a port of its own\n$/],
  [
    ['--pop3s-port', '2995', '--tls', 'auto'],
    { MAILSTOP_SMTPS_PORT: '2995' },
    /--smtps-port and --pop3s-port are both 2995/,
  ],
  [['list', '--jsn'], {}, /unknown option '--jsn'\n\(Did you mean --json\?\)/],
  [
    ['--url', 'http://127.0.0.1:1', 'list'],
    {},
    /unknown option '--url'\nThe flags of a verb come after it: mailstop list /,
  ],
  [
    ['--smtp-port', '2525', 'list'],
    {},
    /^error: --smtp-port is a flag of serve, not of list\nThe flags of a verb come after it: mailstop list \[flags\]\n$/,
  ],
  [['--smtps-port', '0'], {}, /--smtps-port needs a certificate/],
  [['--tls', 'files', '--tls-cert', 'x.pem'], {}, /--tls files needs --tls-key/],
  [
    ['--tls', 'files', '--tls-cert', '/no/such.pem', '--tls-key', '/no/such.key'],
    {},
    /\/no\/such\.(pem|key) cannot be read/,
  ],
  [['--pop3-auth', 'secretword'], {}, /--pop3-auth must be name:password, or @file/],
];
test.each(wrong)('%j %j is a usage error: exit code 2, and what to do', async (args, env, error) => {
  await using command = new Command(args, env);
  const { code, out, err } = await command.ended;
  expect([code, out]).toEqual([2, '']);
  expect(err).toMatch(error);
  expect(err).not.toMatch(/secretword|\bat .*\.js/);
});

test('--help shows every flag with its default, --version the version', async () => {
  await using help = new Command(['--help']);
  const { code, out } = await help.ended;
  expect(code).toBe(0);
  expect(out).toMatch(/--smtp-port <port> +SMTP port; 0 picks any free port \(1025\)/);
  expect(out).toMatch(/MAILSTOP_SMTP_PORT/);
  expect(out.split('\n').filter((line) => line.length > 110)).toEqual([]);
  await using version = new Command(['--version']);
  expect(await version.ended).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
});

test('TLS on every protocol with one switch', async () => {
  await using command = new Command([
    ...FREE,
    '--tls',
    'auto',
    '--smtps-port',
    '0',
    '--pop3s-port',
    '0',
    '--log-format',
    'text',
  ]);
  await command.printed(
    /SMTPS +127\.0\.0\.1:\d+\n +POP3 +\S+\n +POP3S +127\.0\.0\.1:\d+\n +TLS +SHA-256 [0-9A-F:]{95}\n/,
  );
});
