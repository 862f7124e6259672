import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { fitTo, widthOf } from '../../../server/cli/output/text-width.ts';
import { needs } from '../../needs.ts';
import { aMailstop, CLI, reset, start } from '../a-command.ts';

const TERMINAL = fileURLToPath(new URL('./on_a_terminal.py', import.meta.url));

/** What a terminal with this many columns shows, with LF line ends. */
async function onTerminal(columns: number, args: readonly string[], env: Record<string, string>) {
  const { code, out, err } = await start('python3', [TERMINAL, String(columns), process.execPath, CLI, ...args], {
    env,
  }).ended;
  return { code, shown: out.replaceAll('\r\n', '\n') + err };
}

/** Controls a terminal: all control characters except those of our colours and line ends. */
const ACTS = /[\x00-\x08\x0b-\x1a\x1c-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]|\x1b(?!\[(0|1|2|31|36)m)/;

const evil = [
  'From: =?utf-8?q?=1B]0;owned=07?= <e\x1b[2Jvil@x.test>',
  'To: ada@x.test',
  'Subject: =?utf-8?q?=1B[31mred=0D=0Anext_line=E2=80=AEgpj.exe?=',
  '',
  'text \x1b]8;;http://evil.test\x07click\x1b]8;;\x07',
  'tab\there \x9b31m',
  '',
].join('\n');

needs('python3')('a list is a table that fits the terminal, with colours', async () => {
  await using mailstop = await aMailstop();
  await mailstop.put(evil);
  await mailstop.put(
    `To: someone-with-a-long-name@a-long-domain.example.test\nSubject: ${'日本語の件名 🎉 '.repeat(20)}\n\n`,
  );
  const ada = await mailstop.put(reset);
  for (const columns of [72, 80, 200]) {
    const { code, shown } = await onTerminal(columns, ['list'], { ...mailstop.env, TERM: 'xterm' });
    expect(code).toBe(0);
    expect(shown).not.toMatch(ACTS);
    expect(shown).toContain('\x1b[36m');
    const lines = stripVTControlCharacters(shown).trimEnd().split('\n');
    expect(lines[0]).toMatch(/^ID +RECEIVED +FROM +TO +SUBJECT$/);
    expect(lines[1]).toMatch(new RegExp(`^${ada} +\\d\\d:\\d\\d:\\d\\d +shop@x\\.test +ada@x\\.test +Reset`));
    expect(lines).toHaveLength(4);
    expect(lines.filter((line) => widthOf(line) > columns)).toEqual([]);
    const subjects = lines.map((line) => line.search(/SUBJECT|Reset/)).filter((at) => at !== -1);
    expect(new Set(subjects).size).toBe(1);
  }
});

needs('python3')('NO_COLOR and a dumb terminal turn colours off; an empty inbox is stated', async () => {
  await using mailstop = await aMailstop();
  expect((await onTerminal(80, ['list'], mailstop.env)).shown).toBe('There is no mail yet.\n');
  await mailstop.put(reset);
  for (const env of [{ NO_COLOR: '1' }, { TERM: 'dumb' }]) {
    expect((await onTerminal(80, ['list'], { ...mailstop.env, ...env })).shown).not.toMatch(/\x1b/);
  }
  expect((await onTerminal(80, ['list', 'to:bob'], mailstop.env)).shown).toBe('No mail matches.\n');
  expect(stripVTControlCharacters((await onTerminal(80, ['list', '-n', '1'], mailstop.env)).shown)).toMatch(/Reset/);
  await mailstop.put(reset);
  expect((await onTerminal(80, ['list', '-n', '1'], mailstop.env)).shown).toMatch(
    /\n1 of 2 mails; --limit shows more\n$/,
  );
});

needs('python3')('mail content never controls the terminal, whatever part is shown', async () => {
  await using mailstop = await aMailstop();
  await mailstop.put(evil);
  for (const args of [[], ['--text'], ['--raw'], ['--headers'], ['--json']]) {
    const { code, shown } = await onTerminal(100, ['show', ...args], { ...mailstop.env, TERM: 'xterm' });
    expect([args, code, ACTS.exec(shown)?.[0]]).toEqual([args, 0, undefined]);
    expect(shown).toMatch(/owned|click/);
  }
  const report = await onTerminal(100, ['wait', '--timeout', '10ms', 'to:bob'], mailstop.env);
  expect([report.code, ACTS.exec(report.shown)?.[0]]).toEqual([1, undefined]);
  const query = await onTerminal(100, ['list', 'is:\x1b[31m'], mailstop.env);
  expect([query.code, ACTS.exec(query.shown)?.[0]]).toEqual([2, undefined]);
});

test('nor the log of a CI job, which reads a pipe', async () => {
  await using mailstop = await aMailstop();
  const id = await mailstop.put(`${evil}<a href="https://x.test/">\u202e\u2028link</a>\nhttps://x.test/\u202e\n`);
  for (const args of [
    ['wait', '--timeout', '10ms', 'to:bob'],
    ['expect', '--within', '10ms', 'subject:other'],
    ['expect', '--within', '10ms', '--json', 'subject:other'],
    ['show', '--link', 'nosuch', id],
    ['show', '--code', id],
    ['show', 'subject:\u202e\u2028none'],
    ['list'],
    ['show', id],
  ]) {
    const { out, err } = await start(process.execPath, [CLI, ...args], { env: mailstop.env }).ended;
    expect([args, /[^\P{Cc}\n\t]|[\p{Cf}\p{Zl}\p{Zp}]/u.exec(out + err)?.[0]]).toEqual([args, undefined]);
  }
});

describe('how wide a text is', () => {
  test.each([
    ['plain', 5],
    ['', 0],
    ['日本', 4],
    ['e\u0301', 1],
    ['🎉', 2],
    ['👩‍👩‍👧', 2],
    ['한글', 4],
    ['ｆｕｌｌ', 8],
    ['Größe', 5],
  ])('%j takes %i columns', (text, width) => expect(widthOf(text)).toBe(width));

  test.each([
    ['plain', 8, 'plain   '],
    ['plain', 5, 'plain'],
    ['plain', 4, 'pla…'],
    ['日本語', 5, '日本…'],
    ['日本語', 4, '日… '],
    ['e\u0301e\u0301e\u0301', 2, 'e\u0301…'],
  ])('%j in %i columns', (text, width, fitted) => expect(fitTo(text, width)).toBe(fitted));
});
