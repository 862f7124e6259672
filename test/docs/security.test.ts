import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

/** docs/security.md names a test for each vulnerability: each must exist. */

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/security.md'), 'utf8');
const rows = [...page.matchAll(/^\| (\w+) \| (.*) \| (.*) \| (test\/.*) \|$/gm)].map(
  ([, tool = '', identifier = '', , tests = '']) => ({ tool, identifier, tests: tests.split('; ') }),
);

test('every tool is in the table, and every vulnerability exactly once', () => {
  const tools = new Set(rows.map(({ tool }) => tool));
  expect([...tools].sort()).toEqual(['Inbucket', 'MailCatcher', 'MailDev', 'MailHog', 'Mailpit', 'smtp4dev']);
  const identifiers = rows.flatMap(({ identifier }) => identifier.split(', '));
  expect(new Set(identifiers).size).toBe(identifiers.length);
  for (const identifier of identifiers) {
    expect(identifier).toMatch(
      /^(CVE-\d{4}-\d{4,}|GHSA(-[23456789cfghjmpqrvwx]{4}){3}|\[\S+#\d+\]\(https:\/\/github\.com\/\S+\))$/,
    );
  }
  const inTable = page.split('\n').filter((line) => /\bCVE-|\bGHSA-/.test(line) && line.startsWith('|'));
  expect(inTable.every((line) => / \| test\//.test(line))).toBe(true);
});

test.each(rows.flatMap(({ identifier, tests }) => tests.map((cited) => [identifier, cited] as const)))(
  '%s: %s',
  (_, cited) => {
    const [, file = '', name = ''] = /^(test\/\S+\.test\.ts): (.+)$/.exec(cited) ?? [];
    expect(existsSync(join(root, file))).toBe(true);
    const source = readFileSync(join(root, file), 'utf8');
    expect(['(', '(\n    '].some((open) => source.includes(`${open}'${name}'`))).toBe(true);
  },
);

test('files that the page names exist', () => {
  for (const [, path = ''] of page.matchAll(/`((?:server|test)\/[^\s`]+)`/g))
    expect([path, existsSync(join(root, path))]).toEqual([path, true]);
});
