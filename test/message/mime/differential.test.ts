import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { expect } from 'vitest';
import { z } from 'zod';
import { decodeCharset } from '../../../server/message/mime/charset.ts';
import { readLeaf } from '../../../server/message/mime/read-leaf.ts';
import { everyPart } from '../../../server/message/mime/structure.ts';
import { mimeTree, type Part } from '../../../server/message/mime/tree.ts';
import { readHeaders } from '../../../server/message/summary.ts';
import { needs } from '../../needs.ts';
import { type GeneratedMail, generatedMail } from './generated-mail.ts';

const raised = z.object({ raised: z.string() });
const orRaised = <T extends z.ZodType>(schema: T) => z.union([raised, schema]);
const reading = z.object({
  subject: orRaised(z.string().nullable()),
  from: orRaised(z.array(z.object({ name: z.string(), address: z.string() }))),
  to: orRaised(z.array(z.object({ name: z.string(), address: z.string() }))),
  date: orRaised(z.number().nullable()),
  parts: z.array(
    z.object({
      depth: z.number(),
      contentType: z.string(),
      disposition: z.string().nullable(),
      filename: z.string().nullable(),
      charset: z.string().nullable(),
      octets: z.string().optional(),
      text: z.string().nullish(),
    }),
  ),
});
type Reading = z.infer<typeof reading>;

interface Disagreement {
  readonly traits: ReadonlySet<string>;
  readonly field: string;
  readonly ours: unknown;
  readonly theirs: unknown;
}

/** Where Python is wrong, each as narrow as possible. */
const exceptions: readonly { readonly why: string; readonly explains: (of: Disagreement) => boolean }[] = [
  {
    why: 'White space after the = of a soft line break is deleted (RFC 2045 §6.7 (3)); Python keeps the = and the break.',
    explains: ({ traits, field, ours, theirs }) =>
      traits.has('padded soft breaks') && isLeaf(field) && text(ours) === withoutSoftBreaks(theirs),
  },
  {
    why: 'Where CR ends the lines, Python drops all after the first soft break; and hard breaks become LF here.',
    explains: ({ traits, field, ours, theirs }) =>
      traits.has('bare CR') && isLeaf(field) && lineFeeds(text(ours)).startsWith(lineFeeds(withoutSoftBreaks(theirs))),
  },
  {
    why: 'The line break before a boundary belongs to the boundary (RFC 2046 §5.1.1); without one Python drops it too.',
    explains: ({ traits, field, ours, theirs }) =>
      (traits.has('unclosed') || traits.has('dsn_03.txt')) &&
      isLeaf(field) &&
      text(ours).replace(/(?:\r\n|\n|\r)$/, '') === withoutSoftBreaks(theirs),
  },
  {
    why: 'A comment after multipart/digest (RFC 2045 §5.1) makes Python forget that its parts are mails (RFC 2046 §5.1.5).',
    explains: ({ traits, field, ours, theirs }) =>
      traits.has('comments') &&
      field === 'structure' &&
      text(ours).includes('multipart/digest') &&
      count(text(ours), 'message/rfc822') > count(text(theirs), 'message/rfc822'),
  },
  {
    why: 'White space between encoded words is not shown (RFC 2047 §6.2); Python shows it in names.',
    explains: ({ field, ours, theirs }) =>
      isAddresses(field) && text(ours).replaceAll(' ', '') === text(theirs).replaceAll(' ', ''),
  },
  {
    why: 'A comment after an address is its name in the old way (RFC 5322 §3.4.1, note); Python has no name then.',
    explains: ({ field, ours, theirs }) =>
      isAddresses(field) &&
      Array.isArray(ours) &&
      Array.isArray(theirs) &&
      ours.length === theirs.length &&
      ours.every(({ name, address }, index) => {
        const other = theirs[index];
        return (
          address === other.address &&
          (other.name === '' || name.replaceAll(' ', '') === other.name.replaceAll(' ', ''))
        );
      }),
  },
  {
    why: 'The address <> is empty (RFC 5321 §4.5.5); its brackets are no part of it.',
    explains: ({ field, ours, theirs }) => isAddresses(field) && text(ours) === text(theirs).replaceAll('"<>"', '""'),
  },
  {
    why: 'A tab is white space (RFC 5322 §2.2.2) and shown as a space.',
    explains: ({ field, ours, theirs }) => field === 'subject' && text(ours) === text(theirs).replaceAll('\t', ' '),
  },
  {
    why: 'Octets that nobody named are guessed; Python shows replacement characters.',
    explains: ({ field, theirs }) => field === 'subject' && text(theirs).includes('\ufffd'),
  },
  {
    why: 'Where an inner multipart has the boundary of the outer one (RFC 2046 §5.1.2), its final boundary ends only it.',
    explains: ({ traits, field }) => field === 'structure' && (traits.has('msg_15.txt') || traits.has('msg_39.txt')),
  },
  {
    why: 'To a year of three digits 1900 is added (RFC 5322 §4.3).',
    explains: ({ traits, field }) => field === 'date' && traits.has('smtp32_01.txt'),
  },
  {
    why: 'An address that breaks the grammar is shown as it is; Python drops it.',
    explains: ({ traits, field }) => field === 'from' && traits.has('simple_35.txt'),
  },
];

const isLeaf = (field: string) => field === 'octets' || field === 'text';
const isAddresses = (field: string) => field === 'from' || field === 'to';
const text = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
const withoutSoftBreaks = (value: unknown) => text(value).replace(/= (?:\r\n|\n|\r)/g, '');
const lineFeeds = (value: string) => value.replaceAll('\r', '\n');
const count = (value: string, part: string) => value.split(part).length - 1;

const MAILS = 5000;

needs('python3')(
  `${MAILS} generated mails are read as Python's email package reads them`,
  async () => {
    const mails = Array.from({ length: MAILS }, (_, seed) => ({ name: `mail ${seed}`, ...generatedMail(seed) }));
    expect(await unexplained(mails)).toEqual([]);
  },
  900_000,
);

/** Mails that Debian's packages have for their own tests. */
const folders = [
  ...pythons('test/test_email/data'),
  // python3-flufl.bounce
  '/usr/lib/python3/dist-packages/flufl/bounce/tests/data',
].filter((folder) => existsSync(folder));

/** A folder of Python's own tests, which Debian has in libpython3.*-testsuite. */
function pythons(folder: string): string[] {
  const { stdout } = spawnSync('python3', ['-c', 'import sysconfig; print(sysconfig.get_path("stdlib"))']);
  return stdout ? [join(stdout.toString().trim(), folder)] : [];
}

needs('python3')(
  'real mails are, too',
  async ({ skip }) => {
    if (folders.length === 0) skip('neither libpython3.*-testsuite nor python3-flufl.bounce is installed');
    const mails = folders.flatMap((folder) =>
      readdirSync(folder)
        .filter((name) => name.endsWith('.txt'))
        .map((name) => ({ name, raw: readFileSync(join(folder, name)), traits: new Set([name]) })),
    );
    expect(await unexplained(mails)).toEqual([]);
  },
  120_000,
);

interface NamedMail extends GeneratedMail {
  readonly name: string;
}

async function unexplained(mails: readonly NamedMail[]): Promise<string[]> {
  const theirs = await python(mails.map(({ raw }) => raw));
  const all: string[] = [];
  for (const [index, { name, raw, traits }] of mails.entries()) {
    for (const found of disagreements(await ours(raw), reading.parse(theirs[index]))) {
      if (exceptions.some(({ explains }) => explains({ ...found, traits }))) continue;
      const [mine, other] = [JSON.stringify(found.ours), JSON.stringify(found.theirs)];
      all.push(`${name} (${[...traits].join(', ')}), ${found.field}: ${mine}, in Python ${other}`);
    }
  }
  return all;
}

async function python(mails: readonly Buffer[]): Promise<unknown[]> {
  const script = new URL('reference.py', import.meta.url).pathname;
  const child = spawn('python3', ['-X', 'utf8', script], { stdio: ['pipe', 'pipe', 'inherit'] });
  const answer = textOf(child.stdout);
  child.stdin.end(mails.map((raw) => `${raw.toString('base64')}\n`).join(''));
  await once(child, 'exit');
  return (await answer)
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

async function ours(raw: Buffer): Promise<Reading> {
  const { subject, from, to, date } = readHeaders(raw);
  const parts: Reading['parts'] = [];
  for (const part of everyPart(mimeTree(raw))) {
    const { header, children } = part;
    const { contentType, disposition, filename } = header;
    const charset = header.parameters.get('charset')?.text.toLowerCase() ?? null;
    const known = { depth: depthOf(part), contentType, disposition, filename, charset };
    if (children.length > 0) {
      parts.push(known);
      continue;
    }
    const { octets } = await readLeaf(raw, part);
    const text = contentType.startsWith('text/') && charset !== null ? decodeCharset(octets, charset) : null;
    parts.push({ ...known, octets: octets.toString('latin1'), text });
  }
  return { subject, from: from ? [from] : [], to: [...to], date: date?.getTime() ?? null, parts };
}

function depthOf({ parent }: Part): number {
  let depth = 0;
  for (let up = parent; up; up = up.parent) depth++;
  return depth;
}

function disagreements(ours: Reading, theirs: Reading): Omit<Disagreement, 'traits'>[] {
  const found = (['subject', 'from', 'to', 'date'] as const).map((field) => ({
    field,
    ours: ours[field],
    theirs: theirs[field],
  }));
  const shape = ({ parts }: Reading) => parts.map(({ depth, contentType }) => `${depth} ${contentType}`).join(', ');
  const all: Omit<Disagreement, 'traits'>[] = [
    ...found,
    { field: 'structure', ours: shape(ours), theirs: shape(theirs) },
  ];
  if (shape(ours) === shape(theirs)) {
    for (const [index, part] of ours.parts.entries()) {
      const other = theirs.parts[index];
      for (const field of ['disposition', 'filename', 'charset', 'octets', 'text'] as const) {
        // Python has no text if the charset is unknown or the octets are invalid in it.
        if (field === 'text' && other?.text === null) continue;
        // It has no octets for messages that it parses as mails, or for a multipart without parts.
        if (isLeaf(field) && other?.octets === undefined) continue;
        all.push({ field, ours: part[field], theirs: other?.[field] });
      }
    }
  }
  return all.filter((one) => JSON.stringify(one.ours) !== JSON.stringify(one.theirs));
}
