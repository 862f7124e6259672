import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build, type Plugin, type RolldownOptions } from 'rolldown';
import { licensePlugin } from 'rolldown-license-plugin';
import { dts } from 'rolldown-plugin-dts';

/*
 * What is published: Mailstop with its libraries at the versions of the lockfile, so that users run what was tested.
 * `dist` is the package itself, with a manifest of its own, and runs where it lies.
 */

/** What an importer gets, as ES modules and for `require`. */
const imported = {
  index: 'server/index.ts',
  client: 'client/node.ts',
  jest: 'client/jest.ts',
  playwright: 'client/playwright.ts',
};
/** Vitest is an ES module itself. */
const modules = { ...imported, vitest: 'client/vitest.ts' };
const programs = {
  cli: 'server/cli.ts',
  'content-worker': 'server/store/parse/content-worker.ts',
  'mail-writer': 'server/store/disk/files/mail-writer.ts',
};
const browser = { 'client-browser': 'client/index.ts' };

/** Test frameworks are the user's own; a WebSocket does without native code. */
const external = [/^#/, /^@?(vitest|jest|expect|playwright)(\/|$)/, 'bufferutil', 'utf-8-validate'];

const PERMISSIVE = new Set([
  'MIT',
  'MIT-0',
  'ISC',
  '0BSD',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'Apache-2.0',
  'BlueOak-1.0.0',
]);

const shared = {
  external,
  // Of the oldest Node that Mailstop runs on.
  transform: { target: 'node20.19' },
} satisfies RolldownOptions;

const output = { dir: 'dist', comments: { legal: false, jsdoc: false } } as const;

await build([
  {
    ...shared,
    input: { ...modules, ...programs },
    platform: 'node',
    output: { ...output, format: 'esm', chunkFileNames: 'chunks/[name].js' },
    plugins: [manifest(), licenses()],
  },
  {
    ...shared,
    input: imported,
    platform: 'node',
    output: { ...output, format: 'cjs', entryFileNames: '[name].cjs', chunkFileNames: 'chunks/[name].cjs' },
  },
  // Loaded when a page is asked for first, in the middle of a function that doesn't wait.
  {
    ...shared,
    input: 'linkedom',
    platform: 'node',
    output: { ...output, format: 'cjs', entryFileNames: 'linkedom.cjs' },
  },
  { ...shared, input: browser, platform: 'browser', output: { ...output, format: 'esm' } },
  {
    external,
    // What tsc has made of the sources.
    input: mapped({ ...modules, ...browser }, (path) => join('dist/types', path.replace(/\.ts$/, '.d.ts'))),
    // It takes seconds, and tells of it.
    checks: { pluginTimings: false },
    plugins: [withoutZod(), dts({ dtsInput: true, emitDtsOnly: true, tsconfig: false }), forRequire()],
    output: { dir: 'dist', format: 'esm', chunkFileNames: 'chunks/[name].js' },
  },
]);

function mapped(entries: Record<string, string>, path: (source: string) => string): Record<string, string> {
  return Object.fromEntries(Object.entries(entries).map(([name, source]) => [name, path(source)]));
}

function withoutZod(): Plugin {
  const standIn = resolve('client/published-zod.d.ts');
  return {
    name: 'without-zod',
    resolveId: { order: 'pre', handler: (name) => (name === 'zod' ? standIn : null) },
  };
}

/** The types once more, for those who `require`: TypeScript takes `.d.ts` in a package of ES modules for these alone. */
function forRequire(): Plugin {
  return {
    name: 'types-for-require',
    generateBundle(_options, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type !== 'chunk') continue;
        const source = file.code.replaceAll(/(from ["']\.[^"']*)\.js(["'])/g, '$1.cjs$2');
        this.emitFile({ type: 'asset', fileName: file.fileName.replace(/\.d\.ts$/, '.d.cts'), source });
      }
    },
  };
}

/** The manifest of this folder without what only we need, as seen from `dist`; and what is to be read beside it. */
function manifest(): Plugin {
  return {
    name: 'manifest',
    buildStart() {
      // Of an earlier build, under names that there may not be any more.
      rmSync('dist/chunks', { recursive: true, force: true });
    },
    writeBundle() {
      const ours = readFileSync('package.json', 'utf8').replaceAll('./dist/', './');
      const {
        private: _private,
        scripts: _scripts,
        dependencies: _dependencies,
        devDependencies: _devDependencies,
        overrides: _overrides,
        ...published
      } = JSON.parse(ours) as Record<string, unknown>;
      writeFileSync('dist/package.json', `${JSON.stringify({ ...published, files: ['*', '!types'] }, null, 2)}\n`);
      for (const name of ['README.md', 'LICENSE', 'CHANGELOG.md']) copyFileSync(name, join('dist', name));
    },
  };
}

/** What the libraries ask for in return: their terms go with them. A build with one of other terms fails. */
function licenses(): Plugin {
  return licensePlugin({
    // Of "MIT OR EUPL-1.1+" we take MIT.
    allow: ({ license }) => license.split(/[()]| OR /).some((one) => PERMISSIVE.has(one)),
    failOnViolation: true,
    failOnUnlicensed: true,
    done: (found, build) => {
      const texts = found.map(({ name, version, license, licenseText }) =>
        [`${name} ${version} (${license})`, licenseText.trim()].join('\n\n'),
      );
      build.emitFile({
        type: 'asset',
        fileName: 'THIRD_PARTY_LICENSES',
        source: `${texts.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`,
      });
    },
  });
}
