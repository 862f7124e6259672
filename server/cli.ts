#!/usr/bin/env node
import { basename } from 'node:path';

/*
 * Entry point of the command. Everything else is imported here, because imports fail when the process may open too few
 * files. A failing `import()` then rejects where it can't be caught, and may claim that a module does not exist. Hence
 * the handler, and the check of the limit.
 */

/** The files Mailstop opens at once during the start, plus some for connections. */
const ENOUGH_FILES = 256;
/** The exit code if Mailstop can't open something. */
const CANNOT_OPEN = 3;

function failed(error: unknown): never {
  const { code, message } = error instanceof Error ? (error as NodeJS.ErrnoException) : { code: '', message: '' };
  const limit = mostFiles();
  const exhausted = code === 'EMFILE' || code === 'ENFILE' || (limit !== null && limit < ENOUGH_FILES);
  if (!exhausted) {
    console.error(error);
    process.exit(1);
  }
  const allowed = limit === null ? '' : ` The limit is ${limit}: raise it with "ulimit -n ${ENOUGH_FILES}".`;
  process.stderr.write(`mailstop: cannot start, too few files can be open at a time.${allowed} (${message})\n`);
  process.exit(CANNOT_OPEN);
}

/** How many files the process may have open; null if unknown. */
function mostFiles(): number | null {
  try {
    const report = process.report.getReport() as { userLimits?: { open_files?: { soft?: unknown } } };
    const soft = Number(report.userLimits?.open_files?.soft);
    return Number.isFinite(soft) ? soft : null;
  } catch {
    return null;
  }
}

process.on('uncaughtException', failed);
const started = () => void process.off('uncaughtException', failed);

// Called through a link named sendmail, like /usr/sbin/sendmail, it runs that verb.
const [, self = '', ...given] = process.argv;
const args = basename(self) === 'sendmail' ? ['sendmail', ...given] : given;
const [verb = 'serve'] = args;
// Before loading the rest, which takes half as long as starting Node. A verb reacts to signals like any other command.
const { stopSignal } = await import('./cli/stop-signal.ts');
const stop = verb === 'serve' || verb.startsWith('-') ? stopSignal() : new AbortController().signal;

const { main } = await import('./cli/main.ts');
process.exitCode = await main(args, { started, stop });
