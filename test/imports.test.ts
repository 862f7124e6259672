import { dirname } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { importedFile, importsOf, read, sources } from './imports.ts';

const packageJson = z.object({ dependencies: z.record(z.string(), z.string()) });
const MAX_LINES = 250;
/** A file for each language. */
const WORDS = 'server/message/codes/words';

/** What each part may import, besides itself and the foundations. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  wire: [],
  'server/message': ['wire'],
  'server/net': ['wire'],
  'server/config': ['wire'],
  'server/smtp': ['wire', 'server/message', 'server/net'],
  'server/store': ['wire', 'server/message'],
  'server/pop3': ['wire', 'server/store', 'server/message', 'server/net'],
  'server/http': ['wire', 'server/store', 'server/message', 'server/net'],
  'server/app': [
    'wire',
    'server/config',
    'server/http',
    'server/message',
    'server/net',
    'server/pop3',
    'server/smtp',
    'server/store',
  ],
  // The verbs talk to a running Mailstop; they use only pure parts of the server.
  'server/cli': ['wire', 'client', 'server/config', 'server/http', 'server/message', 'server/net'],
  client: ['wire', 'server/message/html/page.ts', 'server/make-folder.ts'],
  ui: ['client', 'wire'],
};

/** Entry points, and what each may import. Nothing else imports them. */
const entrances: Readonly<Record<string, readonly string[]>> = {
  'server/app/start.ts': [],
  'server/app/reclaim.ts': [],
  'server/cli/serve.ts': ['server/app/start.ts', 'server/app/reclaim.ts'],
  'server/cli/main.ts': ['server/cli/serve.ts'],
  'server/cli.ts': ['server/cli/main.ts'],
  'server/index.ts': ['server/app/start.ts'],
  'client/test-sandbox.ts': ['server/index.ts'],
  'client/vitest.ts': ['client/test-sandbox.ts'],
  'client/jest.ts': [],
  'client/playwright.ts': ['client/test-sandbox.ts'],
};

/** All of the server may use these. */
const foundations = ['server/log.ts', 'server/closer.ts', 'server/make-folder.ts', 'server/slices.ts'];

/** Parts of the client that browsers never get, by how they begin. */
const onlyInNode = ['client/node', 'client/test-sandbox', 'client/vitest', 'client/jest', 'client/playwright'];

/** The only places that may import these packages: one, or one on each side. */
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

/** Forbidden imports of `file`; paths are relative to the root, with forward slashes. */
function violations(file: string, source: string): readonly string[] {
  const lines = source.split('\n').length - (source.endsWith('\n') ? 1 : 0);
  const tooLong = lines > MAX_LINES ? [`${file} has ${lines} lines; split it at ${MAX_LINES}`] : [];
  const wrong = importsOf(source).flatMap(({ from, typeOnly }) => {
    const reason = from.startsWith('.')
      ? objectionToFile(file, importedFile(file, from), typeOnly)
      : objectionToPackage(file, from);
    return reason === null ? [] : [`${file} must not import ${from}: ${reason}`];
  });
  return [...tooLong, ...wrong];
}

function objectionToFile(file: string, target: string, typeOnly: boolean): string | null {
  const from = partOf(file);
  if (target in entrances) return entrances[file]?.includes(target) ? null : 'it is a way in';
  if (runsInBrowser(file) && (isOnlyInNode(target) || target.startsWith('server/'))) return 'it runs in a browser';
  if (from === null || partOf(target) === from) return null;
  // The schemas would bring zod into every page and every test that uses the client.
  const schemas = target.startsWith('wire/') && knowsZod(target);
  if ((from === 'client' || from === 'ui') && schemas && !typeOnly) return 'only types come from there';
  if (from.startsWith('server/') && foundations.includes(target)) return null;
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

function knowsZod(file: string): boolean {
  return importsOf(read(file)).some(({ from }) => from === 'zod');
}

function runsInBrowser(file: string): boolean {
  return /^(?:ui|wire)\//.test(file) || (file.startsWith('client/') && !isOnlyInNode(file));
}

function isOnlyInNode(file: string): boolean {
  return onlyInNode.some((name) => file.startsWith(name));
}

/** `smtp-server/lib/smtp-stream` is of `smtp-server`. */
function packageOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

/** The part that a file belongs to; null for files that assemble the parts. */
function partOf(file: string): string | null {
  const [top = '', second = ''] = file.split('/');
  const part = top === 'server' ? `${top}/${second}` : top;
  return part in mayImport ? part : null;
}

test('imports go one way, and no file is too long', () => {
  const files = ['wire', 'server', 'client', 'ui/src'].flatMap(sources);
  expect(files).toContain('wire/message.ts');
  expect(files.flatMap((file) => violations(file, read(file)))).toEqual([]);
});

test('everything that the server imports is a declared dependency', () => {
  const { dependencies } = packageJson.parse(JSON.parse(read('package.json')));
  const used = ['wire', 'server', 'client']
    .flatMap(sources)
    .flatMap((file) =>
      importsOf(read(file)).flatMap(({ from, typeOnly }) =>
        typeOnly || /^(\.|#|node:)/.test(from) || packageOf(from) in dependencies ? [] : [`${file}: ${from}`],
      ),
    );
  // The users of the matchers for these bring them along.
  expect(used.filter((use) => !/: (vitest|@jest\/globals|@playwright\/test)$/.test(use))).toEqual([]);
});

test('the inbox reaches the network through the client', () => {
  const calls = sources('ui/src').filter((file) =>
    /\b(fetch\(|new (WebSocket|EventSource|XMLHttpRequest)\b)/.test(read(file)),
  );
  expect(calls).toEqual([]);
});

describe('the rule itself', () => {
  test.each([
    ['server/smtp/server.ts', "import { SMTPServer } from 'smtp-server';\nimport { listen } from '../net/listen.ts';"],
    ['server/smtp/server.ts', "import type { Deliver } from '../message/message.ts';"],
    [
      'server/store/ids.ts',
      "import { MailstopError } from '../../wire/errors.ts';\nimport { after } from './after.ts';",
    ],
    [
      'server/http/routes/wait.ts',
      "import express from 'express';\nimport type { Store } from '../../store/store.ts';",
    ],
    ['server/app/start.ts', "import { startSmtp } from '../smtp/server.ts';\nimport { Closer } from '../closer.ts';"],
    ['server/cli/main.ts', "import { serve } from './serve.ts';\nimport { connect } from '../../client/index.ts';"],
    ['client/index.ts', "import type { Summary } from '../wire/message.ts';"],
    ['client/api/api.ts', "import { escaped } from '../wire/escaped.ts';"],
    ['client/node-websocket.ts', "import { WebSocket } from 'ws';"],
    ['client/node-html.ts', "import { createRequire } from 'node:module';"],
    ['client/playwright/mail-page.ts', "import { mailPage } from '../../server/message/html/page.ts';"],
    ['client/playwright/report.ts', "import { makeFolder } from '../../server/make-folder.ts';"],
    ['ui/src/inbox/list.tsx', "import { connect } from '../../../client/index.ts';\nimport './list.css';"],
    ['wire/query/text.ts', "import { MailstopError } from '../errors.ts';"],
  ])('%s may: %s', (file, source) => {
    expect(violations(file, source)).toEqual([]);
  });

  test.each([
    ['server/smtp/server.ts', "import type { Store } from '../store/store.ts';"],
    ['server/message/summary.ts', "import {\n  listen,\n} from '../net/listen.ts';"],
    ['server/message/summary.ts', "import { simpleParser } from 'mailparser';"],
    ['server/store/memory/memory.ts', "import { problems } from '../../http/answer/problem.ts';"],
    ['server/pop3/server.ts', "export { start } from '../app/start.ts';"],
    ['server/pop3/server.ts', "const { WebSocket } = await import('ws');"],
    ['server/http/server.ts', "import { SMTPServer } from 'smtp-server';"],
    ['server/app/start.ts', "import { main } from '../cli/main.ts';"],
    ['server/config/config.ts', "import { start } from '../app/start.ts';"],
    ['server/pop3/server.ts', "import { readConfig } from '../config/config.ts';"],
    ['server/cli/verbs/list.ts', "import { start } from '../../app/start.ts';"],
    ['server/cli/verbs/list.ts', "import { MemoryStore } from '../../store/memory/memory.ts';"],
    ['wire/errors.ts', "import { silent } from '../server/log.ts';"],
    ['wire/query/text.ts', "import { readFileSync } from 'node:fs';"],
    ['client/index.ts', "import { summary } from '../wire/message.ts';"],
    ['client/index.ts', "import { Closer } from '../server/closer.ts';"],
    ['client/index.ts', "import { makeFolder } from '../server/make-folder.ts';"],
    ['client/index.ts', "import { mailPage } from '../server/message/html/page.ts';"],
    ['client/api/feed.ts', "import { WebSocket } from 'ws';"],
    ['client/index.ts', "import net from 'node:net';"],
    ['client/index.ts', "import { parseHtml } from './node-html.ts';"],
    ['ui/src/App.tsx', "import type { Store } from '../../server/store/store.ts';"],
  ])('%s may not: %s', (file, source) => {
    expect(violations(file, source)).toHaveLength(1);
  });

  test('a file may have at most 250 lines', () => {
    expect(violations('server/app/start.ts', 'x;\n'.repeat(250))).toEqual([]);
    expect(violations('server/app/start.ts', 'x;\n'.repeat(251))).toHaveLength(1);
  });

  test('a folder has at most 15 files of its own', () => {
    const sizes: Record<string, number> = {};
    for (const file of ['wire', 'server', 'client'].flatMap(sources)) {
      sizes[dirname(file)] = (sizes[dirname(file)] ?? 0) + 1;
    }
    const crowded = Object.keys(sizes).filter((folder) => (sizes[folder] ?? 0) > 15 && folder !== WORDS);
    expect(crowded).toEqual([]);
  });
});
