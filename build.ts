import { copyFileSync, cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build, type Plugin, type RolldownOptions } from 'rolldown';
import { licensePlugin } from 'rolldown-license-plugin';
import { dts } from 'rolldown-plugin-dts';

/*
 * The published package: Mailstop with its libraries at the versions of the lockfile, so that users run what was
 * tested. `dist` is the package itself, with its own manifest, and runs in place.
 */

/** The importable modules, as ES modules and for `require`. */
const imported = {
  index: 'server/index.ts',
  client: 'client/node.ts',
  jest: 'client/jest.ts',
  playwright: 'client/playwright.ts',
};
/** Only as ES modules, like Vitest itself. */
const modules = { ...imported, vitest: 'client/vitest.ts' };
const programs = {
  cli: 'server/cli.ts',
  'content-worker': 'server/store/parse/content-worker.ts',
  'mail-writer': 'server/store/disk/files/mail-writer.ts',
};
const browser = { 'client-browser': 'client/index.ts' };

/** Users bring their own test framework; the WebSocket library works without its native addons. */
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
  // The oldest Node that Mailstop supports.
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
  // Loaded when a page is first requested, in a synchronous function.
  {
    ...shared,
    input: 'linkedom',
    platform: 'node',
    output: { ...output, format: 'cjs', entryFileNames: 'linkedom.cjs' },
  },
  { ...shared, input: browser, platform: 'browser', output: { ...output, format: 'esm' } },
  {
    external,
    // The declarations that tsc emitted.
    input: mapped({ ...modules, ...browser }, (path) => join('dist/types', path.replace(/\.ts$/, '.d.ts'))),
    // This plugin takes seconds, which triggers a warning.
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

/** The types again for `require`: in a package of ES modules, TypeScript uses `.d.ts` only for ES modules. */
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

/** Our manifest without what only we need, with paths relative to `dist`; also the files to ship next to it. */
function manifest(): Plugin {
  return {
    name: 'manifest',
    buildStart() {
      // Left over from an earlier build, whose chunks may have had other names.
      for (const folder of ['dist/chunks', 'dist/docs']) rmSync(folder, { recursive: true, force: true });
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
      // What the README links to, without its pictures: they would be a tenth of the package.
      const pictures = /<!-- pictures -->.*?<!-- \/pictures -->\n*/gs;
      writeFileSync('dist/README.md', readFileSync('README.md', 'utf8').replaceAll(pictures, ''));
      const linked = ['LICENSE', 'CHANGELOG.md', 'CONTRIBUTING.md', 'docker-compose.yml'];
      for (const name of linked) copyFileSync(name, join('dist', name));
      cpSync('docs', 'dist/docs', { recursive: true, filter: (path) => !path.endsWith('screenshots') });
    },
  };
}

/** Ships the licenses of the libraries. The build fails on a license that is not permissive. */
function licenses(): Plugin {
  return licensePlugin({
    // Of "MIT OR EUPL-1.1+" we choose MIT.
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
