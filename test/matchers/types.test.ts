import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { aProject } from './a-project.ts';

const TSC = 'typescript/bin/tsc';
const nothing = { code: 0, output: '\n' };

test('the types are complete in each framework, without the types of the DOM', async () => {
  using project = aProject(join(import.meta.dirname, 'project'));
  expect(await project.run(TSC, [])).toEqual(nothing);
});

test('they are complete for the globals of @types/jest, too', async () => {
  using project = aProject(join(import.meta.dirname, 'project'));
  const config = { extends: './tsconfig.json', include: ['types/globals.ts'], exclude: [] };
  writeFileSync(join(project.folder, 'globals.json'), JSON.stringify(config));
  expect(await project.run(TSC, ['-p', 'globals.json'])).toEqual(nothing);
});
