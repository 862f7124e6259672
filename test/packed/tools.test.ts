import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aProject } from './a-project.ts';
import { installTools, pathOf, type Tool } from './tools.ts';

/** The package with the runtimes, frameworks and compilers that this repository is not made with. */

const project = aProject();
const { folder } = project;

/** Milliseconds; a busy machine compiles for minutes. */
const PATIENCE = 600_000;

const lib = ['es2023', 'esnext.disposable'];
const common = { target: 'es2022', lib, types: ['node'], strict: true, skipLibCheck: true, skipDefaultLibCheck: true };

beforeAll(async () => {
  await Promise.all([installTools(), project.install()]);
  project.link(
    'nodemailer',
    '@types/node',
    'undici-types',
    'jest',
    '@jest/globals',
    'expect',
    'vitest',
    '@playwright/test',
  );
}, PATIENCE);
afterAll(() => project[Symbol.dispose]());

/** A test that needs a tool from npm. */
function withTool(tool: Tool, name: string, body: (path: string) => Promise<void>) {
  test(
    name,
    async ({ skip }) => {
      const path = pathOf(tool);
      if (path === null) return skip(`${tool} can't be installed from npm`);
      await body(path);
    },
    PATIENCE,
  );
}

withTool('bun', 'Bun', async (bun) => {
  expect(await project.run(bun, ['plain.js'])).toBe('200 text/html; charset=utf-8 true\n');
  await project.run(bun, ['test', '--timeout=60000', './bun.spec.js', './node.spec.js']);
});

withTool('deno', 'Deno, which checks the types', async (deno) => {
  const env = { DENO_DIR: join(folder, 'deno'), DENO_NO_UPDATE_CHECK: '1', NO_COLOR: '1' };
  const args = ['--allow-all', '--no-lock'];
  expect(await project.run(deno, ['run', ...args, 'plain.js'], env)).toBe('200 text/html; charset=utf-8 true\n');
  expect(await project.run(deno, ['test', ...args, 'deno.spec.ts', 'node.spec.js'], env)).toMatch(/^ok \| 2 passed/m);
});

withTool('ts-jest', 'ts-jest, in CommonJS', async (transformer) => {
  const transform = { '\\.ts$': transformer };
  const config = JSON.stringify({ rootDir: join(folder, 'commonjs'), testMatch: ['**/typed.spec.ts'], transform });
  const args = [join(folder, 'node_modules/jest/bin/jest.js'), '--json', '--testTimeout=60000', '--config', config];
  expect(JSON.parse(await project.node(args))).toMatchObject({ success: true, numPassedTests: 1 });
});

describe('the types, however they are resolved, from ES modules and CommonJS', () => {
  const modules = ['module/use.ts', 'module/frameworks.ts'];
  const commonjs = ['commonjs/use.ts', 'commonjs/require.ts', 'commonjs/frameworks.ts'];
  const nodenext = { module: 'nodenext', moduleResolution: 'nodenext' };
  const modern = {
    node16: { module: 'node16', moduleResolution: 'node16', files: [...modules, ...commonjs] },
    nodenext: { ...nodenext, files: [...modules, ...commonjs] },
    bundler: { module: 'preserve', moduleResolution: 'bundler', files: [...modules, ...commonjs] },
    // These check the declarations themselves.
    declarations: { ...nodenext, files: ['module/use.ts', 'commonjs/use.ts'], skipLibCheck: false },
  };
  const all = {
    ...modern,
    node: { module: 'esnext', moduleResolution: 'node', files: modules },
    'node-commonjs': { module: 'commonjs', moduleResolution: 'node', files: commonjs },
  };

  /** All in one run, which reads the libraries once. */
  async function check(tsc: string, projects: Record<string, { files: readonly string[] }>) {
    const written = Object.entries(projects).map(([name, { files, ...own }]) => {
      const config = join(folder, 'types', `${name}.json`);
      const compilerOptions = { ...common, outDir: join(folder, 'types/built'), ...own };
      writeFileSync(config, JSON.stringify({ compilerOptions, files }));
      return config;
    });
    await project.node([tsc, '--build', '--force', '--verbose', ...written]);
  }

  withTool('typescript-5.4', 'TypeScript 5.4', (tsc) => check(tsc, all));
  withTool('typescript', 'TypeScript 5.9', (tsc) => check(tsc, all));
  // It has no `node` any more.
  const ours = join(import.meta.dirname, '../../node_modules/typescript/bin/tsc');
  test('TypeScript 7', () => check(ours, modern), PATIENCE);
});
