import type { Lock } from '../start/lock.ts';
import type { Files } from './files.ts';

/**
 * Blocks writes to a folder that another process may have taken over while this one was paused. The lock is checked
 * right before each step, since a pause may come between two steps.
 */
export function fenced(files: Files, lock: Pick<Lock, 'holds' | 'look'>): Files {
  const guarded =
    <A extends readonly unknown[], R>(step: (...given: A) => Promise<R>) =>
    (...given: A): Promise<R> =>
      lock.holds ? step(...given) : lock.look().then(() => step(...given));
  return {
    create: guarded(async (path, writes) => {
      const file = await files.create(path, writes);
      return {
        write: guarded((...pieces) => file.write(...pieces)),
        overwrite: guarded((octets, at) => file.overwrite(octets, at)),
        sync: () => file.sync(),
        close: () => file.close(),
      };
    }),
    rename: guarded((from, to) => files.rename(from, to)),
    remove: guarded((path) => files.remove(path)),
    makeFolder: guarded((path) => files.makeFolder(path)),
    removeFolder: guarded((path) => files.removeFolder(path)),
    syncFolder: (path) => files.syncFolder(path),
    createAll: guarded((folder, octets) => files.createAll(folder, octets)),
    renameAll: guarded((names, from, to) => files.renameAll(names, from, to)),
  };
}
