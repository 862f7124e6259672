import { createRequire } from 'node:module';
import { release } from 'node:os';
import { Worker } from 'node:worker_threads';
import { reasonOf } from '../../../../wire/errors.ts';
import { Turns } from '../../turns.ts';
import type { Failed, WriterTask } from './bulk.ts';
import type { Files, SingleFiles } from './files.ts';

// By its name in package.json, so that a server run from source, as in tests, also uses the built one.
const ENTRY = createRequire(import.meta.url).resolve('#mail-writer');

/** An idle thread ends after this, in milliseconds. */
const IDLE_MS = 10_000;

/** The thread could not start, or died: this says nothing about the disk. */
class NoThread extends Error {}

/**
 * Runs the bulk operations of `bulk.ts` in a thread, which ends when idle.
 * @param instead the fallback when no thread can be started
 */
export function inAThread(single: SingleFiles, instead: Files): Files {
  const thread = new WriterThread();
  return {
    ...single,
    createAll: (folder, files) => thread.write(folder, files).catch(unlessDone(() => instead.createAll(folder, files))),
    renameAll: (names, from, to) =>
      thread.move(names, from, to).catch(unlessDone(() => instead.renameAll(names, from, to))),
  };
}

function unlessDone(otherwise: () => Promise<void>): (error: unknown) => Promise<void> {
  return (error) => {
    if (error instanceof NoThread) return otherwise();
    throw error;
  };
}

class WriterThread {
  readonly #turns = new Turns();
  #worker: Worker | null = null;
  #idle: NodeJS.Timeout | null = null;

  write(folder: string, files: ReadonlyMap<string, Uint8Array>): Promise<void> {
    const lengths = Array.from(files.values(), ({ length }) => length);
    const octets = new Uint8Array(lengths.reduce((sum, length) => sum + length, 0));
    let at = 0;
    for (const file of files.values()) {
      octets.set(file, at);
      at += file.length;
    }
    return this.#run({ does: 'write', folder, names: [...files.keys()], octets, lengths }, [octets.buffer]);
  }

  move(names: readonly string[], from: string, to: string): Promise<void> {
    return this.#run({ does: 'move', names, from, to }, []);
  }

  #run(task: WriterTask, moved: readonly ArrayBuffer[]): Promise<void> {
    return this.#turns.take(async () => {
      if (this.#idle) clearTimeout(this.#idle);
      try {
        this.#worker ??= this.#start();
        await answerOf(this.#worker, task, moved);
      } catch (error) {
        if (error instanceof NoThread) this.#end();
        throw error;
      } finally {
        this.#idle = setTimeout(() => this.#end(), IDLE_MS).unref();
      }
    });
  }

  #start(): Worker {
    const worker = newWorker();
    // It may also die between two tasks, when nobody waits for a result.
    worker.on('error', () => {});
    worker.on('exit', () => {
      if (this.#worker === worker) this.#worker = null;
    });
    return worker;
  }

  #end(): void {
    void this.#worker?.terminate();
    this.#worker = null;
  }
}

function newWorker(): Worker {
  try {
    return new Worker(ENTRY, { execArgv: [] });
  } catch (error) {
    throw new NoThread(`no thread to write mails: ${reasonOf(error)}`);
  }
}

/** The thread keeps the process alive only while a result is pending. */
function answerOf(worker: Worker, task: WriterTask, moved: readonly ArrayBuffer[]): Promise<void> {
  worker.ref();
  worker.postMessage(task, moved);
  return new Promise<void>((resolve, reject) => {
    const ended = () => reject(new NoThread('the thread that writes mails ended'));
    const broken = (error: Error) => reject(new NoThread(`the thread that writes mails: ${error.message}`));
    worker.once('exit', ended).once('error', broken);
    worker.once('message', (failed: Failed | null) => {
      worker.off('exit', ended).off('error', broken).unref();
      if (failed === null) resolve();
      else reject(Object.assign(new Error(failed.message), { code: failed.code }));
    });
  });
}

/** Whether `sync` of a whole file system reports write errors: since Linux 5.8. */
export function canSyncAll(platform = process.platform, version = release()): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return platform === 'linux' && (major > 5 || (major === 5 && minor >= 8));
}
