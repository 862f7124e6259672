import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { startSandbox } from '../../server/index.ts';
import { aProject } from './a-project.ts';
import { reports, told } from './reports.ts';

const project = aProject(join(import.meta.dirname, 'project'));
afterAll(() => project[Symbol.dispose]());

const vitest = (args: readonly string[], env?: Record<string, string>) =>
  // Its own 5 seconds are too few on a busy machine.
  project.run('vitest/vitest.mjs', ['run', '--root', 'vitest', '--testTimeout', '60000', ...args], env);

describe.sequential('Vitest', { timeout: 180_000 }, () => {
  test('supports the matchers, the fixtures and the snapshots', async () => {
    const { output, code } = await vitest(['passing', '--update']);
    expect(output).toMatch(/Tests +4 passed/);
    expect(output).toMatch(/Snapshots +3 written/);
    expect(code).toBe(0);
    const snapshots = readFileSync(join(project.folder, 'vitest/__snapshots__/passing.case.ts.snap'), 'utf8');
    expect(snapshots).toContain('https://shop.test/reset?token=<token>&lang=en');
  });

  test('finds the same snapshots in the next run, with another Mailstop', async () => {
    await using sandbox = await startSandbox();
    const { output, code } = await vitest(['passing'], { MAILSTOP_URL: sandbox.http.url });
    expect([output, code]).toEqual([expect.stringMatching(/Tests +4 passed/), 0]);
    expect(await sandbox.messages({ subject: 'reset' })).toHaveLength(2);
  });

  test('prints the reports, their place in the test, and the difference to the snapshot', async () => {
    const { output, code } = await vitest(['failing', 'passing'], { SUBJECT: 'Please reset your password' });
    const report = told(output);
    expect(report).toContain(reports.missing('the-mail-does-not-co-…'));
    expect(report).toContain(reports.unwelcome('a-mail-comes-that-sh-…'));
    expect(report).toContain(reports.link);
    expect(report).toContain(reports.attachment);
    expect(report).toContain('"it-is-no-mailbox-…@mailstop.test" is not a mailbox. Please give expect() what sandbox.');
    expect(report.match(/^❯ failing\.case\.ts:\d+:\d+$/gm)).toHaveLength(5);
    expect(report).toContain('Snapshot `all matchers hold 1` mismatched');
    expect(report).toMatch(/- +Subject: Reset your password\n\+ +Subject: Please reset your password/);
    expect(report).toMatch(/Tests +7 failed/);
    expect(code).toBe(1);
  });

  test('supports the matchers as a setup file', async () => {
    const { output, code } = await vitest(['setup'], { SETUP: 'mailstop/vitest' });
    expect([output, code]).toEqual([expect.stringMatching(/Tests +1 passed/), 0]);
  });

  test('says so if nothing answers at MAILSTOP_URL', async () => {
    const { output, code } = await vitest(['passing'], { MAILSTOP_URL: 'http://127.0.0.1:1' });
    expect([output, code]).toEqual([expect.stringContaining('No answer from http://127.0.0.1:1'), 1]);
  });
});
