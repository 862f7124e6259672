#!/usr/bin/env node
import { basename } from 'node:path';

/*
 * The entry of the command. Everything else is loaded from here, because that is what fails when the process may open
 * too few files. A failing `import()` then rejects in places where nobody can catch it, and may say that a module is not
 * there; hence the handler, and the look at the limit.
 */

/** Files that Mailstop has open at a time while it starts, and some more for connections. */
const ENOUGH_FILES = 256;
/** The exit code for what Mailstop can't open. */
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

/** How many files the process may have open; null where that is unknown. */
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

// A link of the name sendmail, like /usr/sbin/sendmail, is that verb.
const [, self = '', ...given] = process.argv;
const args = basename(self) === 'sendmail' ? ['sendmail', ...given] : given;
const [verb = 'serve'] = args;
// Before the rest is loaded, which takes half as long as Node itself does. A verb ends as other commands do.
const { stopSignal } = await import('./cli/stop-signal.ts');
const stop = verb === 'serve' || verb.startsWith('-') ? stopSignal() : new AbortController().signal;

const { main } = await import('./cli/main.ts');
process.exitCode = await main(args, { started, stop });
