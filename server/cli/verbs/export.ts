import { existsSync, readdirSync, statSync } from 'node:fs';
import { type Api, ApiError, type Message } from '../../../client/index.ts';
import { MailstopError, reasonOf } from '../../../wire/errors.ts';
import { type Flags, flagsOf } from '../../../wire/flags.ts';
import { oneOf, toggle } from '../../config/kinds.ts';
import { inOrder } from '../archive/in-order.ts';
import {
  created,
  type Exported,
  folderTarget,
  maildirTarget,
  mboxTarget,
  type Shown,
  type Target,
} from '../archive/targets.ts';
import { FINE, misuse } from '../exit.ts';
import { json, quiet } from '../flags/common.ts';
import { jsonText } from '../output/output.ts';
import { pages, queryOf } from './listing.ts';
import { defineVerb } from './verb.ts';

/** What an export holds in memory for each mail until it is written. */
interface Row extends Flags {
  readonly id: string;
  readonly receivedAt: Date;
  readonly from: string;
}

/** How many mails are fetched ahead while one is written. */
const AHEAD = 4;

export const exportMail = defineVerb({
  takes: '<folder or file> [query...]',
  about: `Exports mails to a folder or file, oldest first: all, or those that match. A folder gets an index.html that opens
without a server, and a page and the original .eml for each mail; the pages run no scripts and load nothing remote. A name
that ends in .mbox, or - for stdout, means an mbox.`,
  flags: {
    format: {
      kind: oneOf('eml', 'mbox', 'maildir'),
      fallback: null,
      help: 'eml is the folder with index.html; mbox is mboxrd',
    },
    force: { kind: toggle, fallback: false, help: 'overwrite existing files', short: 'f' },
    json,
    quiet,
  },
  examples: [
    'mailstop export mail-of-this-run/',
    'mailstop export failed.mbox tag:checkout',
    'mailstop export --format maildir ~/Maildir newer:1d',
    'mailstop export - from:shop | gzip > shop.mbox.gz',
  ],
  async run({ api, url, out, err }, { format, force, json, quiet }, [path, ...words]) {
    if (path === undefined) misuse('export needs a folder, an .mbox file, or - for stdout');
    const query = queryOf(words);
    const kind = format ?? (path === '-' || /\.mbox$/i.test(path) ? 'mbox' : 'eml');
    if (path === '-' && kind !== 'mbox') misuse(`--format ${kind} is a folder: it cannot go to stdout (-)`);
    if (!force) checkFree(path, kind);
    const rows: Row[] = [];
    for await (const { messages } of pages(api, query)) {
      for (const { id, receivedAt, envelope, ...summary } of messages)
        rows.push({ id, receivedAt: new Date(receivedAt), from: envelope.from, ...flagsOf(summary) });
    }
    rows.reverse();
    const about = `Mail of ${url.origin}${query === '' ? '' : ` matching ${query}`}`;
    const written = await writing(path, async () => {
      if (kind === 'eml') return write(rows, await folderTarget(path, about), (row, n) => loadShown(api, row, n));
      const target =
        kind === 'maildir'
          ? await maildirTarget(path)
          : mboxTarget(path === '-' ? process.stdout : await created(path));
      return write(rows, target, (row, n) => loadRaw(api, row, n));
    });
    const gone = rows.length - written;
    if (json && path !== '-') await out.line(jsonText({ exported: written, gone, path }));
    else if (!quiet && path !== '-')
      await out.line(`exported ${written} ${written === 1 ? 'mail' : 'mails'} to ${path}`);
    if (gone > 0)
      await err.line(`mailstop: ${gone} ${gone === 1 ? 'mail was' : 'mails were'} deleted during the export`);
    return FINE;
  },
});

/** @returns how many were written; mails deleted in the meantime are skipped */
async function write<Mail extends Exported>(
  rows: readonly Row[],
  target: Target<Mail>,
  load: (row: Row, n: number) => Promise<Mail>,
): Promise<number> {
  let written = 0;
  for await (const mail of inOrder(rows, AHEAD, (row, i) => load(row, i + 1).catch(goneIsNull))) {
    if (mail === null) continue;
    await target.add(mail);
    written += 1;
  }
  await target.finish();
  return written;
}

function goneIsNull(error: unknown): null {
  if (error instanceof ApiError && error.code === 'message-not-found') return null;
  throw error;
}

async function loadRaw(api: Api, { id, ...row }: Row, n: number): Promise<Exported> {
  const { buffer, byteOffset, length } = await api.raw(id);
  return { n, ...row, raw: Buffer.from(buffer, byteOffset, length) };
}

async function loadShown(api: Api, row: Row, n: number): Promise<Shown> {
  const [exported, message] = await Promise.all([loadRaw(api, row, n), api.message(row.id)]);
  const inline = await Promise.all(
    shownParts(message).map(async ({ index, contentId }) => {
      return { contentId: contentId ?? '', octets: Buffer.from(await api.attachment(row.id, index)) };
    }),
  );
  return { ...exported, message, inline };
}

function shownParts({ html, attachments }: Message): Message['attachments'] {
  return html === null ? [] : attachments.filter(({ inline, contentId }) => inline && contentId !== null);
}

function checkFree(path: string, kind: 'eml' | 'mbox' | 'maildir'): void {
  if (path === '-' || !existsSync(path)) return;
  const folder = statSync(path).isDirectory();
  if (kind === 'mbox') misuse(`${path} already exists${folder ? ' and is a folder' : ': --force overwrites it'}`);
  if (!folder) misuse(`${path} is a file; export needs a folder, or --format mbox`);
  if (readdirSync(path).length > 0)
    misuse(`${path} is not empty: choose another folder, or use --force to write into this one`);
}

async function writing<T>(path: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
    throw new MailstopError('cannot-open-data', `cannot write ${path}: ${reasonOf(error)}`, { cause: error });
  }
}
