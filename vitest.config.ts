import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { configDefaults, defineConfig, type TestUserConfig } from 'vitest/config';
import { ClosingSummary } from './test/closing-summary.ts';

const every = ['test/**/*.test.ts', 'test/**/*.test.tsx'];

/**
 * Folders whose tests may run in the same process, because they undo what they change there. Each module is then loaded
 * once, and not again for each file, which would take longer than most of the tests.
 */
const tidy = ['client', 'config', 'http', 'message', 'smtp', 'ui', 'wire'].map((folder) => `test/${folder}/**`);

/**
 * Tests that run alone: they measure CPU time, which grows if other cores are busy, or wait a fixed time for what a browser
 * does, which a busy machine does later.
 */
const alone = readdirSync(join(import.meta.dirname, 'test'), { recursive: true, encoding: 'utf8' })
  .map((path) => join('test', path))
  .filter((path) => path.endsWith('.test.ts') && isAlone(join(import.meta.dirname, path)));

function isAlone(path: string): boolean {
  return /\/(?:cpu|probed-server)\.ts'|\bhostilePage\b/.test(readFileSync(path, 'utf8'));
}

/**
 * What Node's version makes no difference to: browsers and what runs in them, files of the repository, our own tools, and
 * tools that look at the package or the API. They run on one version; see `.ci/run`.
 */
const sameOnEveryNode = [
  'test/e2e/**',
  'test/ui/**',
  'test/bench/**',
  'test/{closing-summary,ensure-browser,find-browser,imports}.test.ts',
  'test/docs/{architecture,languages,rest,security}.test.ts',
  'test/matchers/types.test.ts',
  'test/message/codes/{language,score}.test.ts',
  'test/message/mime/differential.test.ts',
  'test/packed/{package,tools}.test.ts',
];

export default defineConfig(({ mode }) => {
  const exclude = [...configDefaults.exclude, ...(mode === 'another-node' ? sameOnEveryNode : [])];
  const common = {
    // Longer property tests; see `test/soak.ts`.
    env: mode === 'soak' ? { MAILSTOP_TEST_EFFORT: process.env['MAILSTOP_TEST_EFFORT'] || '20' } : {},
    // Generous: on a busy machine tests take several times as long.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 60_000 } },
  };
  const project = (test: TestUserConfig) => ({ oxc: { target: 'es2023' }, test: { ...common, ...test } });
  return {
    test: {
      reporters: ['default', ...(process.env['GITHUB_ACTIONS'] ? ['github-actions'] : []), new ClosingSummary()],
      // Not set for each project, which would win over the flag of the same name.
      maxWorkers: availableParallelism(),
      projects: [
        project({ name: 'in processes of their own', include: every, exclude: [...exclude, ...tidy, ...alone] }),
        project({
          name: 'in shared ones',
          include: tidy.flatMap(testsIn),
          exclude: [...exclude, ...alone],
          isolate: false,
        }),
        project({ name: 'one by one', include: alone, exclude, maxWorkers: 1, sequence: { groupOrder: 1 } }),
      ],
    },
  };
});

function testsIn(folder: string): string[] {
  return every.map((pattern) => pattern.replace('test/**', folder));
}
