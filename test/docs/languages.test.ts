import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../server/index.ts';
import { needs } from '../needs.ts';
import { aShop } from './a-shop.ts';
import { examplesOf } from './examples.ts';

/** The examples of docs/languages.md, each language run with its own tools in a folder of its own. */

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'mailstop-languages-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A folder with the examples of a language, and a way to run programs there, with what they read from their environment. */
function project(language: string, sandbox: Sandbox, more: Record<string, string> = {}) {
  const cwd = mkdtempSync(join(folder, `${language}-`));
  for (const [name, source] of [...examplesOf('languages.md', language), ...Object.entries(more)]) {
    mkdirSync(dirname(join(cwd, name)), { recursive: true });
    writeFileSync(join(cwd, name), source);
  }
  const { host, port } = sandbox.smtp;
  const env = { ...process.env, MAILSTOP_URL: sandbox.http.url, SMTP_HOST: host, SMTP_PORT: `${port}` };
  const run = async (program: string, ...args: readonly string[]) => {
    const running = promisify(execFile)(program, args, { cwd, env });
    const { stdout, stderr } = await running.catch((error: { stdout: string; stderr: string }) => {
      throw new Error(`${program} ${args.join(' ')} failed:\n${error.stdout}\n${error.stderr}`);
    });
    return stdout + stderr;
  };
  return { cwd, run };
}

/** What each language's test says when the mail does not come: the same report. */
const report = /Expected at least 1 mail matching {2}rcpt:nobody@example\.test\s+within 0 ms; none came\./;

needs('sh', 'curl')(
  'a shell with curl',
  async () => {
    await using sandbox = await startSandbox();
    const { run } = project('sh', sandbox);
    expect(await run('sh', 'test-reset.sh')).toBe('"url":"https://shop.test/reset?token=4f9a2c"\n');
    const failing = `. ./mailstop.sh; expect_mail '{ "q": "rcpt:nobody@example.test", "within": 0 }'`;
    await expect(run('sh', '-c', failing)).rejects.toThrow(report);
  },
  60_000,
);

needs('python3')(
  "Python's standard library",
  async () => {
    await using sandbox = await startSandbox();
    const { run } = project('python', sandbox);
    expect(await run('python3', '-m', 'unittest', '-v')).toMatch(/Ran 2 tests[\s\S]*\nOK/);
    const failing = run('python3', '-c', 'import mailstop; mailstop.expect_mail(0, rcpt="nobody@example.test")');
    await expect(failing).rejects.toThrow(report);
  },
  60_000,
);

needs('pytest')(
  'pytest',
  async () => {
    await using sandbox = await startSandbox();
    const { run } = project('python', sandbox);
    const printed = await run('pytest', '-p', 'no:cacheprovider', 'test_reset.py', 'test_reset_with_pytest.py');
    expect(printed).toContain('4 passed');
  },
  60_000,
);

needs('phpunit')(
  'PHPUnit',
  async () => {
    await using sandbox = await startSandbox();
    const failing = `<?php
    require_once __DIR__ . '/ReadsMail.php';
    final class FailingTest extends PHPUnit\\Framework\\TestCase {
      use ReadsMail;
      public function testFails(): void { $this->expectMail(['rcpt' => 'nobody@example.test'], within: 0); }
    }`;
    const { run } = project('php', sandbox, { 'FailingTest.php': failing });
    expect(await run('phpunit', 'ResetTest.php')).toMatch(/OK \(2 tests, 3 assertions\)/);
    await expect(run('phpunit', 'FailingTest.php')).rejects.toThrow(report);
  },
  60_000,
);

needs('go')(
  'Go',
  async () => {
    await using sandbox = await startSandbox();
    const failing = `package shop
import "testing"
func TestFailing(t *testing.T) {
	ask(t, "/api/expect", map[string]any{"where": map[string]any{"rcpt": "nobody@example.test"}, "within": 0}, nil)
}`;
    const { run } = project('go', sandbox, { 'go.mod': 'module shop\n\ngo 1.19\n', 'failing_test.go': failing });
    expect(await run('go', 'vet', '.')).toBe('');
    expect(await run('go', 'test', '-run', 'Whoever|Nobody', '-v', '.')).toMatch(/--- PASS: TestWhoever[\s\S]*\nok/);
    await expect(run('go', 'test', '-run', 'Failing', '.')).rejects.toThrow(report);
  },
  180_000,
);

needs('cypress')(
  'Cypress',
  async () => {
    await using sandbox = await startSandbox();
    await using shop = await aShop(sandbox.smtp);
    const { cwd, run } = cypressProject(sandbox);
    symlinkSync(join(root, 'node_modules/cypress'), join(cwd, 'node_modules/cypress'), 'junction');
    expect(await run('cypress', 'run', '--config', `baseUrl=${shop.url}`)).toContain('All specs passed');
  },
  180_000,
);

test('the tasks of the Cypress example, without Cypress', async () => {
  await using sandbox = await startSandbox();
  const { run } = cypressProject(sandbox, {
    'node_modules/cypress/package.json': '{ "name": "cypress", "main": "index.js" }',
    'node_modules/cypress/index.js': 'exports.defineConfig = (config) => config;',
    'tasks.js': `
      import config from './cypress.config.js';
      const tasks = {};
      config.e2e.setupNodeEvents((event, those) => Object.assign(tasks, event === 'task' ? those : {}));
      const ada = await tasks.freshAddress('ada');
      const raw = 'Subject: Reset your password\\r\\n\\r\\nhttps://shop.test/reset?token=4f9a2c or the code 482913.';
      await fetch(process.env.MAILSTOP_URL + '/api/messages?to=' + ada, {
        method: 'POST', headers: { 'content-type': 'message/rfc822' }, body: raw,
      });
      const { link, code } = await tasks.waitForMail({ to: ada, query: { subject: 'reset' } });
      const late = await tasks.waitForMail({ to: ada, query: 'subject:invoice', timeout: 0 }).catch((error) => error);
      console.log(link, code, late.name);`,
  });
  expect(await run(process.execPath, 'tasks.js')).toBe(
    'https://shop.test/reset?token=4f9a2c 482913 ExpectationError\n',
  );
}, 60_000);

function cypressProject(sandbox: Sandbox, more: Record<string, string> = {}) {
  const made = project('js', sandbox, { 'package.json': '{ "type": "module", "private": true }', ...more });
  mkdirSync(join(made.cwd, 'node_modules'), { recursive: true });
  symlinkSync(root, join(made.cwd, 'node_modules/mailstop'), 'junction');
  return made;
}
