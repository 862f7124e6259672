import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { read, root, sources } from '../imports.ts';
import { generatedPages, withGenerated } from './generated.ts';

/** docs/architecture.md and CONTRIBUTING.md say where things are: they must be there. */

const page = read('docs/architecture.md');

test.each(generatedPages)('%s is up to date with the code (npm run generate)', (name) => {
  const text = read(name);
  expect(text).toBe(withGenerated(name, text));
});

test('the diagram shows who imports whom', () => {
  expect(page).toContain('server_pop3["server/pop3"] --> server_store["server/store"]');
});

test('every folder of code is in the table exactly once, and nothing else is', () => {
  const folders = new Set(['wire', 'server', 'client', 'ui/src'].flatMap(sources).map((file) => dirname(file)));
  const described = [...page.matchAll(/^\| `([^`]+)` \|/gm)].map(([, folder]) => folder);
  expect(described.toSorted()).toEqual([...folders].sort());
});

test.each([
  'CONTRIBUTING.md',
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
])('the files that %s names exist', (name) => {
  const paths = [...read(name).matchAll(/`((?:wire|server|client|ui|test|docs)\/[\w./-]+)`/g)].map(
    ([, path = '']) => path,
  );
  expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});
