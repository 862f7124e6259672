import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';

const root = join(import.meta.dirname, '..');
const packageJson = z.object({ dependencies: z.record(z.string(), z.string()) });
const MAX_LINES = 250;

/** What each part may import beside itself. Other files at the top of `server/` put the parts together. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  'server/errors.ts': [],
  'server/log.ts': [],
  'server/closer.ts': [],
  'server/make-folder.ts': [],
  'server/escaped.ts': [],
  'server/similar.ts': [],
  'server/message': [],
  'server/net': [],
  'server/smtp': ['server/message', 'server/net'],
  'server/store': ['server/message'],
  'server/pop3': ['server/store', 'server/message', 'server/net'],
  'server/http': ['server/store', 'server/message', 'server/net'],
  // The command's verbs talk to a Mailstop that runs; what of the server they use is pure.
  'server/verbs': ['client', 'server/http', 'server/message', 'server/net', 'server/settings.ts'],
  client: [
    'server/http/wire.ts',
    'server/http/wire-expect.ts',
    'server/http/wire-frame.ts',
    'server/http/wire-part.ts',
    'server/http/wire-state.ts',
    'server/message/html/page.ts',
    'server/escaped.ts',
    'server/make-folder.ts',
  ],
  ui: ['client', 'server/http/wire.ts'],
};

/** The ways in: what of these each may import. Nobody else imports them. */
const entrances: Readonly<Record<string, readonly string[]>> = {
  'server/app.ts': [],
  'server/serve.ts': ['server/app.ts'],
  'server/main.ts': ['server/app.ts', 'server/serve.ts'],
  'server/cli.ts': ['server/main.ts'],
  'server/index.ts': ['server/app.ts'],
  'client/test-sandbox.ts': ['server/index.ts'],
  'client/vitest.ts': ['client/test-sandbox.ts'],
  'client/jest.ts': [],
  'client/playwright.ts': ['client/test-sandbox.ts'],
};

/** Everybody may use these. */
const foundations = [
  'server/errors.ts',
  'server/log.ts',
  'server/closer.ts',
  'server/make-folder.ts',
  'server/escaped.ts',
  'server/similar.ts',
];

/** Parts of the client that browsers never get, and what these alone use, by how they begin. */
const onlyInNode = [
  'client/node',
  'client/mail-page',
  'client/test-sandbox',
  'client/vitest',
  'client/jest',
  'client/playwright',
  'server/make-folder',
];

/** The places that know each of these packages: one, or one on either end. */
const onlyIn: Readonly<Record<string, readonly string[]>> = {
  'smtp-server': ['server/smtp/'],
  mailparser: ['server/message/mime/decode-leaf.ts'],
  htmlparser2: ['server/message/html/scan.ts'],
  lowdb: ['server/store/'],
  express: ['server/http/'],
  linkedom: ['client/node-html.ts'],
  ws: ['server/http/', 'client/node-websocket.ts'],
  react: ['ui/'],
  'react-dom': ['ui/'],
};

/** What `file` does that it may not; paths are from the root, with forward slashes. */
function violations(file: string, source: string): readonly string[] {
  const lines = source.split('\n').length - (source.endsWith('\n') ? 1 : 0);
  const tooLong = lines > MAX_LINES ? [`${file} has ${lines} lines; split it at ${MAX_LINES}`] : [];
  const wrong = importsOf(source).flatMap(({ from, typeOnly }) => {
    const reason = from.startsWith('.')
      ? objectionToFile(file, slashes(relative(root, resolve(root, dirname(file), from))), typeOnly)
      : objectionToPackage(file, from);
    return reason === null ? [] : [`${file} must not import ${from}: ${reason}`];
  });
  return [...tooLong, ...wrong];
}

function objectionToFile(file: string, target: string, typeOnly: boolean): string | null {
  const from = partOf(file);
  if (target in entrances) return entrances[file]?.includes(target) ? null : 'it is a way in';
  if (runsInBrowser(file) && isOnlyInNode(target)) return 'it runs in a browser';
  if (from === null || partOf(target) === from) return null;
  const browser = from === 'client' || from === 'ui';
  const wire = mayImport[from]?.includes(target) && target.startsWith('server/http/wire');
  if (browser && wire) return typeOnly ? null : 'only types come from there';
  if (!browser && foundations.includes(target)) return null;
  const allowed = mayImport[from] ?? [];
  if (!runsInBrowser(file) && allowed.includes(target)) return null;
  return allowed.includes(partOf(target) ?? target) ? null : `${from} stands on ${allowed.join(', ') || 'nothing'}`;
}

function objectionToPackage(file: string, specifier: string): string | null {
  if (specifier.startsWith('node:')) {
    return runsInBrowser(file) ? 'it runs in a browser' : null;
  }
  const name = packageOf(specifier);
  const homes = onlyIn[name];
  if (homes === undefined || homes.some((home) => file.startsWith(home))) return null;
  return `only ${homes.join(' and ')} knows ${name}`;
}

function runsInBrowser(file: string): boolean {
  return file.startsWith('ui/') || (file.startsWith('client/') && !isOnlyInNode(file));
}

function isOnlyInNode(file: string): boolean {
  return onlyInNode.some((name) => file.startsWith(name));
}

/** `smtp-server/lib/smtp-stream` is of `smtp-server`. */
function packageOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

/** The part that a file belongs to; null for those that put the parts together. */
function partOf(file: string): string | null {
  const [top = '', second = ''] = file.split('/');
  const part = top === 'server' ? `${top}/${second}` : top;
  return part in mayImport ? part : null;
}

function importsOf(source: string) {
  const statements = source.matchAll(/^\s*(?:import|export)\s+(type\s)?(?:[^;'"]*?\sfrom\s+)?'([^']+)'/gm);
  const dynamic = source.matchAll(/\bimport\(\s*'([^']+)'\s*\)/g);
  return [
    ...[...statements].map(([, type, from = '']) => ({ from, typeOnly: type !== undefined })),
    ...[...dynamic].map(([, from = '']) => ({ from, typeOnly: false })),
  ];
}

const slashes = (path: string) => path.split(sep).join('/');

function sources(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => `${folder}/${slashes(name)}`);
}

test('imports go one way, and no file is too long', () => {
  const files = [...sources('server'), ...sources('client'), ...sources('ui/src')];
  expect(files).toContain('server/http/wire.ts');
  expect(files.flatMap((file) => violations(file, readFileSync(join(root, file), 'utf8')))).toEqual([]);
});

test('what the server imports is a dependency of the package, not something that happens to be there', () => {
  const { dependencies } = packageJson.parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
  const used = [...sources('server'), ...sources('client')].flatMap((file) =>
    importsOf(readFileSync(join(root, file), 'utf8')).flatMap(({ from, typeOnly }) =>
      typeOnly || /^(\.|#|node:)/.test(from) || packageOf(from) in dependencies ? [] : [`${file}: ${from}`],
    ),
  );
  // The users of the matchers for these bring them along.
  expect(used.filter((use) => !/: (vitest|@jest\/globals|@playwright\/test)$/.test(use))).toEqual([]);
});

test('the inbox reaches the network through the client', () => {
  const calls = sources('ui/src').filter((file) =>
    /\b(fetch\(|new (WebSocket|EventSource|XMLHttpRequest)\b)/.test(readFileSync(join(root, file), 'utf8')),
  );
  expect(calls).toEqual([]);
});

describe('the rule itself', () => {
  test.each([
    ['server/smtp/server.ts', "import { SMTPServer } from 'smtp-server';\nimport { listen } from '../net/listen.ts';"],
    ['server/smtp/server.ts', "import type { Deliver } from '../message/message.ts';"],
    ['server/store/memory.ts', "import { MailstopError } from '../errors.ts';\nimport { newId } from './id.ts';"],
    [
      'server/http/routes/wait.ts',
      "import express from 'express';\nimport type { Store } from '../../store/store.ts';",
    ],
    ['server/app.ts', "import { startSmtp } from './smtp/server.ts';\nimport { Closer } from './closer.ts';"],
    ['server/main.ts', "import { start } from './app.ts';\nimport { connect } from '../client/index.ts';"],
    ['client/index.ts', "import type { Summary } from '../server/http/wire.ts';"],
    ['client/api.ts', "import type { Met } from '../server/http/wire-expect.ts';"],
    ['client/node-websocket.ts', "import { WebSocket } from 'ws';"],
    ['client/node-html.ts', "import { createRequire } from 'node:module';"],
    ['client/playwright-report.ts', "import { makeFolder } from '../server/make-folder.ts';"],
    ['ui/src/inbox/list.tsx', "import { connect } from '../../../client/index.ts';\nimport './list.css';"],
  ])('%s may: %s', (file, source) => {
    expect(violations(file, source)).toEqual([]);
  });

  test.each([
    ['server/smtp/server.ts', "import type { Store } from '../store/store.ts';"],
    ['server/message/summary.ts', "import {\n  listen,\n} from '../net/listen.ts';"],
    ['server/message/summary.ts', "import { simpleParser } from 'mailparser';"],
    ['server/store/memory.ts', "import { problems } from '../http/problem.ts';"],
    ['server/pop3/server.ts', "export { start } from '../app.ts';"],
    ['server/pop3/server.ts', "const { WebSocket } = await import('ws');"],
    ['server/http/app.ts', "import { SMTPServer } from 'smtp-server';"],
    ['server/app.ts', "import { main } from './cli.ts';"],
    ['server/config.ts', "import { start } from './app.ts';"],
    ['server/pop3/server.ts', "import { readConfig } from '../config.ts';"],
    ['server/errors.ts', "import { silent } from './message/message.ts';"],
    ['client/index.ts', "import { summary } from '../server/http/wire.ts';"],
    ['client/index.ts', "import { reasonOf } from '../server/errors.ts';"],
    ['client/index.ts', "import { met } from '../server/http/wire-expect.ts';"],
    ['client/feed.ts', "import { WebSocket } from 'ws';"],
    ['client/index.ts', "import net from 'node:net';"],
    ['client/index.ts', "import { parseHtml } from './node-html.ts';"],
    ['client/index.ts', "import { makeFolder } from '../server/make-folder.ts';"],
    ['ui/src/app.tsx', "import type { Store } from '../../server/store/store.ts';"],
  ])('%s may not: %s', (file, source) => {
    expect(violations(file, source)).toHaveLength(1);
  });
  test('a file may have 250 lines, and not one more', () => {
    expect(violations('server/app.ts', 'x;\n'.repeat(250))).toEqual([]);
    expect(violations('server/app.ts', 'x;\n'.repeat(251))).toHaveLength(1);
  });
});
