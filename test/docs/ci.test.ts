import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { z } from 'zod';
import { settings } from '../../server/config/config.ts';
import { variableOf } from '../../server/config/flag.ts';
import { startSandbox } from '../../server/index.ts';
import { freePort } from '../bench/child.ts';
import { needs } from '../needs.ts';
import { examplesOf } from './examples.ts';

/** Checks docs/ci.md: its settings exist, its YAML fits the image, its commands run. */

const root = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const page = read('docs/ci.md');
const image = read('Dockerfile');
/** As one writes it without a shell's defaults. */
const check = /CMD (wget .+)$/m
  .exec(image)?.[1]
  ?.replaceAll('"', '')
  .replace(/\$\{\w+:-(\d+)\}/, '$1');
const { smtpPort, httpPort, pop3Port } = settings;
const folder = mkdtempSync(join(tmpdir(), 'mailstop-ci-'));
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 9 }));

test.each(['docs/ci.md', 'docs/languages.md', 'docs/testing.md', 'README.md', 'Dockerfile', 'docker-compose.yml'])(
  'every variable in %s exists',
  (path) => {
    // Those of the server, and the one that clients read.
    const known = [...Object.keys(settings).map(variableOf), 'MAILSTOP_URL'];
    const named = read(path).match(/\bMAILSTOP_[A-Z0-9_]+/g) ?? [];
    expect(named.filter((name) => !known.includes(name))).toEqual([]);
  },
);

test('the image has the ports and the health check of the page', () => {
  expect(/^EXPOSE (.+)$/m.exec(image)?.[1]?.split(' ').map(Number)).toEqual(
    [smtpPort, httpPort, pop3Port].map(({ fallback }) => fallback),
  );
  expect(check).toBe(`wget -q -O /dev/null http://127.0.0.1:${httpPort.fallback}/readyz`);
});

const environment = z.record(z.string(), z.coerce.string());
const service = z.looseObject({ image: z.string(), ports: z.array(z.string()), env: environment });
const step = z.looseObject({ name: z.string().optional(), run: z.string().optional() });
const github = z.object({
  jobs: z.object({
    test: z.looseObject({
      env: environment,
      services: z.object({ mailstop: service }).optional(),
      steps: z.array(step),
    }),
  }),
});
const gitlab = z.object({
  test: z.looseObject({
    services: z.array(z.looseObject({ name: z.string(), alias: z.string(), variables: environment })),
    variables: environment,
    script: z.array(z.string()),
  }),
});
const compose = z.object({
  services: z.object({
    mailstop: z.looseObject({ image: z.string(), healthcheck: z.looseObject({ test: z.string() }) }),
    tests: z.looseObject({
      environment,
      depends_on: z.object({ mailstop: z.object({ condition: z.literal('service_healthy') }) }),
    }),
  }),
});

needs('python3')('the YAML is valid, and points the app and the tests at the ports of the image', ({ skip }) => {
  const yaml = parsed(examplesOf('ci.md', 'yaml'));
  if (yaml === null) return skip('PyYAML is not installed');
  expect(Object.keys(yaml)).toHaveLength(page.match(/^```yaml$/gm)?.length ?? 0);

  const asStep = github.parse(yaml['.github/workflows/test.yml']).jobs.test;
  const asService = github.parse(yaml['.github/workflows/test-with-service.yml']).jobs.test;
  const inGitlab = gitlab.parse(yaml['.gitlab-ci.yml']).test;
  const { mailstop, tests } = compose.parse(yaml['compose.yml']).services;

  const at = (host: string) => ({
    SMTP_HOST: host,
    SMTP_PORT: `${smtpPort.fallback}`,
    MAILSTOP_URL: `http://${host}:${httpPort.fallback}`,
  });
  expect([asStep.env, asService.env]).toEqual([at('127.0.0.1'), at('127.0.0.1')]);
  expect([inGitlab.variables, tests.environment]).toEqual([at('mailstop'), at('mailstop')]);
  expect(inGitlab.services.map(({ alias }) => alias)).toEqual(['mailstop']);
  expect(asService.services?.mailstop.ports).toEqual([smtpPort, httpPort].map(({ fallback: n }) => `${n}:${n}`));
  const { version } = JSON.parse(read('package.json')) as { version: string };
  expect([...new Set(page.match(/registry\.example\.com\/mailstop:\S+/g))]).toEqual([mailstop.image]);
  expect(mailstop.image).toMatch(new RegExp(`:${version.replaceAll('.', '\\.')}$`));
  expect(mailstop.healthcheck.test).toBe(check);
});

needs('python3', 'sh')(
  'the step that starts Mailstop waits until it is ready',
  async ({ skip }) => {
    const yaml = parsed(examplesOf('ci.md', 'yaml'));
    if (yaml === null) return skip('PyYAML is not installed');
    const { steps } = github.parse(yaml['.github/workflows/test.yml']).jobs.test;
    const script = steps.find(({ name }) => name === 'Start Mailstop')?.run ?? '';
    // What `npm ci` would have put there.
    mkdirSync(join(folder, 'node_modules/.bin'), { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{ "private": true }');
    const command = join(folder, 'node_modules/.bin/mailstop');
    writeFileSync(command, `#!/bin/sh\nexec "${process.execPath}" "${join(root, 'dist/cli.js')}" "$@"\n`);
    chmodSync(command, 0o755);

    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const ports = { MAILSTOP_SMTP_PORT: '0', MAILSTOP_POP3_PORT: 'off', MAILSTOP_HTTP_PORT: `${port}` };
    const env = { ...process.env, ...ports, MAILSTOP_URL: url };
    const child = spawn('sh', ['-e', '-c', script], { cwd: folder, env, detached: true, stdio: 'ignore' });
    try {
      expect(await once(child, 'exit')).toEqual([0, null]);
      const raw = { method: 'POST', headers: { 'content-type': 'message/rfc822' }, body: 'Subject: kept\r\n\r\n' };
      const { id } = (await (await fetch(`${url}/api/messages?to=ada@example.test`, raw)).json()) as { id: string };
      expect(id).toMatch(/^\w{8,}/);
      expect(existsSync(join(folder, 'mail'))).toBe(true);
      expect(readFileSync(join(folder, 'mailstop.log'), 'utf8')).toContain(`"inbox":"http://localhost:${port}"`);
    } finally {
      // What it left running in the background has its process group.
      if (child.pid !== undefined) process.kill(-child.pid);
    }
  },
  60_000,
);

needs('sh', 'curl')('the commands for a test that failed', async () => {
  await using sandbox = await startSandbox();
  await sandbox.deliver('Subject: hello\r\n\r\n');
  const [, script = ''] = /^```sh\n([\s\S]*?)^```$/m.exec(page) ?? [];
  const env = { ...process.env, MAILSTOP_URL: sandbox.http.url };
  const running = spawn('sh', ['-e', '-c', script.replaceAll(/^curl/gm, 'curl -sSf')], { env });
  let printed = '';
  for await (const chunk of running.stdout) printed += chunk;
  expect(printed.match(/"subject":"hello"/g)).toHaveLength(2);
  expect(printed).toContain('"evicted":0');
});

/** YAML as data, parsed by Python; null if its library is missing. */
function parsed(examples: ReadonlyMap<string, string>): Readonly<Record<string, unknown>> | null {
  const has = 'import importlib.util, sys; sys.exit(importlib.util.find_spec("yaml") is None)';
  try {
    execFileSync('python3', ['-c', has]);
  } catch {
    return null;
  }
  const program = `import json, sys, yaml
print(json.dumps({name: yaml.load(text, yaml.BaseLoader) for name, text in json.load(sys.stdin).items()}))`;
  const input = JSON.stringify(Object.fromEntries(examples));
  return JSON.parse(execFileSync('python3', ['-c', program], { input, encoding: 'utf8' })) as Record<string, unknown>;
}
