import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { startSandbox } from '../../server/index.ts';
import { findChromium } from '../find-browser.ts';
import { needs } from '../needs.ts';
import { aProject } from './a-project.ts';
import { reports, told } from './reports.ts';

const project = aProject(join(import.meta.dirname, 'project'));
afterAll(() => project[Symbol.dispose]());

const json = join(project.folder, 'report.json');
const playwright = (args: readonly string[], env: Record<string, string> = {}) =>
  project.run('@playwright/test/cli.js', ['test', '--config', 'playwright', '--reporter=list,json', ...args], {
    PLAYWRIGHT_JSON_OUTPUT_NAME: json,
    CHROMIUM: findChromium() ?? '',
    ...env,
  });

interface Attachment {
  readonly name: string;
  readonly contentType: string;
  readonly path?: string;
  readonly body?: string;
}
interface Suite {
  readonly specs: readonly {
    readonly title: string;
    readonly tests: readonly { readonly results: readonly { readonly attachments: readonly Attachment[] }[] }[];
  }[];
}

/** The mails that a test of the last run has in its report. */
function attachedTo(title: string): readonly Attachment[] {
  const { suites } = JSON.parse(readFileSync(json, 'utf8')) as { readonly suites: readonly Suite[] };
  const specs = suites.flatMap((suite) => suite.specs);
  const results = specs.filter((spec) => spec.title === title).flatMap(({ tests }) => tests[0]?.results ?? []);
  expect(results).toHaveLength(1);
  return results.flatMap((result) => result.attachments).filter(({ name }) => name.startsWith('mail'));
}

const textOf = ({ body, path }: Attachment) =>
  path === undefined ? Buffer.from(body ?? '', 'base64').toString() : readFileSync(path, 'utf8');

describe.sequential('Playwright', { timeout: 180_000 }, () => {
  test('supports the matchers, the fixtures and the snapshots, from CommonJS, too', async () => {
    const { output, code } = await playwright(['passing', 'commonjs', '--update-snapshots']);
    expect([output, code]).toEqual([expect.stringMatching(/6 passed/), 0]);
    // The same file on every operating system.
    const snapshot = join(project.folder, 'playwright/passing.case.ts-snapshots/all-matchers-hold-1.txt');
    expect(readFileSync(snapshot, 'utf8')).toContain('https://shop.test/reset?token=<token>&lang=en');
  });

  test('with a shared Mailstop, finds the same snapshots, and attaches only its own mails', async () => {
    await using sandbox = await startSandbox({ maxMessages: 500 });
    await sandbox.deliver({ to: 'somebody@shop.test', raw: 'Subject: of another worker\n\n' });
    const some = ['passing', 'attached', '--grep-invert', 'without mail|goes away|expected to fail'];
    const { output } = await playwright(some, { MAILSTOP_URL: sandbox.http.url });
    expect(output).toMatch(/1 failed[\s\S]*6 passed/);
    const pages = attachedTo('mails of a test that fails').filter(({ name }) => name.endsWith('html'));
    expect(pages).toHaveLength(2);
    expect(await sandbox.messages({ rcpt: 'admin@shop.test' })).toHaveLength(1);
  });

  test('prints the reports, attaches the mails, and shows the difference to the snapshot', async () => {
    const subject = 'Please reset your password';
    const { output, code } = await playwright(['passing', 'failing', 'attached'], { SUBJECT: subject });
    const report = told(output);
    expect(report).toContain(reports.missing('the-mail-does-not-co-…'));
    expect(report).toContain('"it-is-no-mailbox-…@mailstop.test" is not a mailbox. Please give expect() what sandbox.');
    expect(report).toMatch(/-Subject: Reset your password\n\+Subject: Please reset your password/);
    expect(report).toMatch(/^at .*passing\.case\.ts:21/m);
    expect(report).toMatch(/6 failed/);
    expect(code).toBe(1);

    const failed = attachedTo('mails of a test that fails');
    expect(failed.map(({ name, contentType }) => `${name}: ${contentType}`)).toEqual([
      'mails: text/plain',
      `mail 1, "${subject}", html: text/html`,
      `mail 1, "${subject}", eml: message/rfc822`,
      'mail 2, "Welcome to the shop", html: text/html',
      'mail 2, "Welcome to the shop", eml: message/rfc822',
      'mail 3, "Welcome to the shop", html: text/html',
      'mail 3, "Welcome to the shop", eml: message/rfc822',
    ]);
    const [list = '', page = '', source = ''] = failed.map(textOf);
    expect(told(list).replaceAll(/ +/g, ' ').split('\n')).toEqual([
      'Mails of this test (3):',
      `1 hh:mm:ss.mmm shop@example.test -> mails-of-a-test-that-…@mailstop.test ${subject}`,
      '2 hh:mm:ss.mmm shop@example.test -> bob-…@mailstop.test Welcome to the shop',
      '3 hh:mm:ss.mmm shop@example.test -> admin@shop.test Welcome to the shop',
    ]);
    expect(page).toContain(`<title>${subject}</title>`);
    expect(source).toMatch(/^From: Shop <shop@example\.test>\r\n/);

    expect(attachedTo('a test without mail that fails').map(textOf).map(told)).toEqual([
      'No mail came in this test.\nIt has a-test-without-mail-…@mailstop.test.',
    ]);
    expect(attachedTo('a test whose Mailstop goes away').map(textOf)).toEqual([
      expect.stringMatching(/^The mails could not be read: The sandbox at http:.* has been closed/),
    ]);
    expect(attachedTo('mails of a test that passes')).toEqual([]);
    expect(attachedTo('a test that is expected to fail, and does')).toEqual([]);
  });

  needs('chromium')('works together with a page', async () => {
    const { output, code } = await playwright(['page']);
    expect([output, code]).toEqual([expect.stringMatching(/1 passed/), 0]);
  });
});
