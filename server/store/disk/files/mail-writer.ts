import { parentPort } from 'node:worker_threads';
import { type Failed, moveAll, type WriterTask, writeAll } from './bulk.ts';

/** The thread of `WriterThread`. It does nothing else, so it may block on the disk. */
parentPort?.on('message', (task: WriterTask) => {
  try {
    if (task.does === 'write') writeAll(task);
    else moveAll(task);
    parentPort?.postMessage(null);
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException;
    parentPort?.postMessage({ message, code } satisfies Failed);
  }
});
