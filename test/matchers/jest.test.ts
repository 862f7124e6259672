import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { aProject } from './a-project.ts';
import { reports, told } from './reports.ts';

const project = aProject(join(import.meta.dirname, 'project'));
afterAll(() => project[Symbol.dispose]());

/** Jest runs modules behind a flag of Node. */
const jest = (args: readonly string[], env: Record<string, string> = {}) => {
  const flag = { NODE_OPTIONS: '--experimental-vm-modules' };
  return project.run('jest/bin/jest.js', ['--config', 'jest/jest.config.js', '--testTimeout=60000', ...args], {
    ...flag,
    ...env,
  });
};

describe.sequential('Jest', { timeout: 180_000 }, () => {
  test('supports the matchers and the snapshots, and leaves nothing open', async () => {
    const { output, code } = await jest(['passing', '--ci=false', '--detectOpenHandles']);
    expect(output).toMatch(/Tests: +1 passed/);
    expect(output).toMatch(/Snapshots: +2 written/);
    expect(output).not.toMatch(/open handle/);
    expect(code).toBe(0);
  });

  test('finds the same snapshots in the next run', async () => {
    const { output, code } = await jest(['passing']);
    expect([output, code]).toEqual([expect.stringMatching(/Snapshots: +2 passed/), 0]);
  });

  test('supports the matchers as a setup file', async () => {
    const { output, code } = await jest(['setup'], { SETUP: 'mailstop/jest' });
    expect([output, code]).toEqual([expect.stringMatching(/Tests: +1 passed/), 0]);
  });

  test('prints the reports, their place in the test, and the difference to the snapshot', async () => {
    const { output, code } = await jest(['failing', 'passing'], { SUBJECT: 'Please reset your password' });
    const report = told(output);
    expect(report).toContain(reports.missing('ada-…'));
    expect(report).toContain(reports.unwelcome('ada-…'));
    expect(report).toContain(reports.link);
    expect(report).toContain(reports.attachment);
    expect(report).toContain(
      '"ada-…@mailstop.test" is not a mailbox. Please give expect() what sandbox.mailbox() returns',
    );
    expect(report.match(/^at (?:.*\()?(?:jest\/)?failing\.case\.js:\d+:\d+\)?$/gm)).toHaveLength(5);
    expect(report).toContain('Snapshot name: `all matchers hold 1`');
    expect(report).toMatch(/- +Subject: Reset your password\n\+ +Subject: Please reset your password/);
    expect(report).toMatch(/Tests: +6 failed/);
    expect(code).toBe(1);
  });
});
