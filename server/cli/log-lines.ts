import { escaped } from '../../wire/escaped.ts';
import type { Fields, Log } from '../log.ts';

interface LogLinesOptions {
  /** One JSON object per line; otherwise lines for people. */
  readonly json: boolean;
  readonly now: () => Date;
  readonly write: (lines: string) => void;
}

/** Lines are buffered this long and go out in one write: one write per line would slow down a burst of mail. */
const DELAY_MS = 20;

/** A log of lines. Flush it before the process ends. */
export function createLog({ json, now, write }: LogLinesOptions): Log & { flush(): void } {
  let pending = '';
  const flush = () => {
    const lines = pending;
    pending = '';
    if (lines !== '') write(lines);
  };
  const clock = isoClock();
  const line = (level: string, event: string, fields: Fields = {}) => {
    if (pending === '') setTimeout(flush, DELAY_MS).unref();
    pending += json ? jsonLine(clock(now()), level, event, fields) : textLine(now(), level, event, fields);
  };
  return {
    info: (event, fields) => line('info', event, fields),
    warn: (event, fields) => line('warn', event, fields),
    error: (event, fields) => line('error', event, fields),
    flush,
  };
}

/** Many lines come in the same millisecond, and formatting the time costs as much as the rest of a line. */
function isoClock(): (time: Date) => string {
  let last = Number.NaN;
  let text = '';
  return (time) => {
    if (time.getTime() !== last) text = time.toISOString();
    last = time.getTime();
    return text;
  };
}

function jsonLine(time: string, level: string, event: string, fields: Fields): string {
  let line = `{"time":"${time}","level":"${level}","event":${json(event)}`;
  for (const name in fields) {
    const value = fields[name];
    if (value !== undefined) line += `,${json(name)}:${json(value)}`;
  }
  return `${line}}\n`;
}

/** Characters that need no escaping in JSON or on a terminal. */
const PLAIN = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;

/** Nearly all values are short and plain; for those this is faster than the general way. */
function json(value: unknown): string {
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : 'null';
  if (typeof value === 'string' && PLAIN.test(value)) return `"${value}"`;
  return escaped(JSON.stringify(value) ?? 'null');
}

function textLine(time: Date, level: string, event: string, fields: Fields): string {
  const clock = time.toTimeString().slice(0, 8);
  const mark = level === 'info' ? '' : `${level.toUpperCase()}: `;
  const facts = Object.entries(fields)
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([name, value]) => `  ${name}=${shown(value)}`);
  return `${clock} ${mark}${event}${facts.join('')}\n`;
}

function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return escaped(/[\s"=]/.test(text) ? JSON.stringify(text) : text);
}
