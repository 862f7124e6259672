import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { toHaveAttachment } from '../../client/matchers/mail-matchers.ts';
import { aMail } from '../client/a-mail.ts';
import { findChromium } from '../find-browser.ts';
import { aProject } from '../matchers/a-project.ts';
import { needs } from '../needs.ts';

/** The examples of docs/matchers.md, run as a reader would: in a project that has the package installed. */

const page = readFileSync(join(import.meta.dirname, '../../docs/matchers.md'), 'utf8');

/** TypeScript and JavaScript by the name in its first line. */
const examples = new Map(
  [...page.matchAll(/^```[jt]s\n\/\/ (\S+)\n([\s\S]*?)^```$/gm)].map(([, name = '', source = '']) => [name, source]),
);

const compilerOptions = {
  target: 'es2023',
  lib: ['es2023', 'esnext.disposable'],
  module: 'nodenext',
  types: ['node'],
  strict: true,
  allowJs: true,
  noEmit: true,
  skipLibCheck: true,
};

/** Shows that the fixtures of Vitest have found the Mailstop of the global setup. */
const shared = `import { expect, test } from 'mailstop/vitest';
test('the sandbox is that of all', ({ sandbox }) => expect(sandbox.http.url).toBe(process.env['MAILSTOP_URL']));
`;

/** The examples, with machine-dependent parts replaced. */
function installed(replaced: ReadonlyMap<string, string> = new Map()) {
  const files = [...examples].map(([name, source]): [string, string] => [
    name,
    [...replaced].reduce((text, [usual, here]) => text.replaceAll(usual, here), source),
  ]);
  files.push(['shared.test.ts', shared]);
  const settings = { 'package.json': { type: 'module', private: true }, 'tsconfig.json': { compilerOptions } };
  for (const [name, value] of Object.entries(settings)) files.push([name, JSON.stringify(value)]);
  return aProject(new Map(files));
}

const project = installed();
afterAll(() => project[Symbol.dispose]());

async function freePorts(...usual: readonly string[]): Promise<[usual: string, free: string][]> {
  const servers = usual.map(() => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => new Promise((resolve) => server.once('listening', resolve))));
  const ports = servers.map((server) => String((server.address() as AddressInfo).port));
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return usual.map((name, i) => [name, ports[i] ?? '']);
}

const blockAfter = (heading: string) => /^```\n([\s\S]*?)\n```$/m.exec(page.slice(page.indexOf(heading)))?.[1] ?? '';

test('every example has a name and is run below', () => {
  expect(page.match(/^```[jt]s$/gm)).toHaveLength(examples.size);
  expect([...examples.keys()].sort()).toEqual([
    'app.js',
    'global-setup.ts',
    'jest.config.js',
    'playwright.config.ts',
    'reset.spec.ts',
    'reset.test.js',
    'reset.test.ts',
    'vitest.config.ts',
  ]);
});

describe.sequential('the examples', { timeout: 180_000 }, () => {
  test('have the right types', async () => {
    expect(await project.run('typescript/bin/tsc', [])).toEqual({ code: 0, output: '\n' });
  });

  test('run in Vitest, with one Mailstop for all workers; the snapshot is that of the page', async () => {
    const { output, code } = await project.run('vitest/vitest.mjs', [
      'run',
      '--testTimeout=60000',
      'reset.test.ts',
      'shared.test.ts',
      '--update',
    ]);
    expect([output, code]).toEqual([expect.stringMatching(/Tests +3 passed/), 0]);
    const snapshots = readFileSync(join(project.folder, '__snapshots__/reset.test.ts.snap'), 'utf8');
    expect(snapshots).toContain(`"${blockAfter('## Snapshots')}"`);
  });

  test('run in Jest', async () => {
    const env = { NODE_OPTIONS: '--experimental-vm-modules' };
    const { output, code } = await project.run(
      'jest/bin/jest.js',
      ['reset.test.js', '--ci=false', '--testTimeout=60000'],
      env,
    );
    expect([output, code]).toEqual([expect.stringMatching(/Tests: +1 passed/), 0]);
  });

  needs('chromium')('run in Playwright, beside the shop and Mailstop', async () => {
    const ports = new Map(await freePorts('8025', '1025', '3000'));
    const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    const launchOptions = JSON.stringify({ executablePath: findChromium(), args });
    using own = installed(new Map([...ports, ['use: {', `use: { launchOptions: ${launchOptions},`]]));
    const { output, code } = await own.run('@playwright/test/cli.js', ['test'], {
      MAILSTOP_HTTP_PORT: ports.get('8025') ?? '',
      MAILSTOP_SMTP_PORT: ports.get('1025') ?? '',
      MAILSTOP_POP3_PORT: '0',
    });
    expect([output, code]).toEqual([expect.stringMatching(/1 passed/), 0]);
  });
});

test('the report is that of the page', async () => {
  const terms = { index: 0, filename: 'terms.txt', contentType: 'text/plain', size: 6, contentId: null, inline: false };
  const mail = aMail({ subject: 'Reset your password', attachments: [terms] });
  const { message } = await toHaveAttachment(mail, { filename: 'terms.pdf', contentType: 'application/pdf' });
  expect(message()).toBe(blockAfter('## When it fails'));
});
