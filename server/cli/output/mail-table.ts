import type { Summary } from '../../../client/index.ts';
import { escaped } from '../../../wire/escaped.ts';
import type { Output } from './output.ts';
import { fitTo, widthOf } from './text-width.ts';

/** Width limits for the address columns if there is not room for everything. */
const ADDRESS_COLUMNS = { min: 12, max: 32 };
const GAP = '  ';

/**
 * Prints mails, one per line. On a terminal, as a table that fits its width; otherwise uncut and tab-separated: id,
 * time, sender, recipients, subject.
 */
export async function printMails(out: Output, mails: readonly Summary[], now: Date): Promise<void> {
  if (out.width === null) {
    for (const mail of mails) await out.line(columns(mail, mail.receivedAt).join('\t'));
    return;
  }
  if (mails.length === 0) return;
  const rows = mails.map((mail) => columns(mail, localTime(new Date(mail.receivedAt), now)));
  const heads = ['ID', 'RECEIVED', 'FROM', 'TO', 'SUBJECT'];
  const widths = columnWidths([heads, ...rows], out.width);
  const row = (cells: readonly string[]) => cells.map((cell, i) => fitTo(cell, widths[i] ?? 0));
  await out.line(out.paint('dim', row(heads).join(GAP).trimEnd()));
  for (const [i, mail] of mails.entries()) {
    const [id = '', time = '', from = '', to = '', subject = ''] = row(rows[i] ?? []);
    const said = subject.trimEnd();
    await out.line(
      [out.paint('cyan', id), out.paint('dim', time), from, to, mail.read ? said : out.paint('bold', said)].join(GAP),
    );
  }
}

function columns({ id, from, envelope, subject }: Summary, time: string): string[] {
  const to = envelope.to.length > 2 ? `${envelope.to[0]} and ${envelope.to.length - 1} more` : envelope.to.join(', ');
  return [id, time, from?.address || envelope.from || '<>', to, subject ?? '(no subject)'].map(escaped);
}

/** Id and time get their full width, the addresses what they need of the rest, and the subject what is left. */
function columnWidths(rows: readonly (readonly string[])[], width: number): number[] {
  const widest = (column: number) => Math.max(...rows.map((row) => widthOf(row[column] ?? '')));
  const [id, time] = [widest(0), widest(1)];
  const room = Math.max(3, width - id - time - 4 * GAP.length);
  const share = Math.min(ADDRESS_COLUMNS.max, Math.max(ADDRESS_COLUMNS.min, Math.floor(room * 0.3)));
  // Even a window that is too narrow shows something of each.
  const [from, to] = [2, 3].map((column) => Math.min(widest(column), share, Math.max(1, Math.floor(room / 3))));
  return [id, time, from ?? 1, to ?? 1, Math.max(1, Math.min(widest(4), room - (from ?? 1) - (to ?? 1)))];
}

/** For today's mail, the time alone is enough. */
function localTime(time: Date, now: Date): string {
  const two = (n: number) => String(n).padStart(2, '0');
  const clock = [time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join(':');
  if (time.toDateString() === now.toDateString()) return clock;
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())} ${clock}`;
}
