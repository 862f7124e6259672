import type { Lock } from '../start/lock.ts';
import type { Files } from './files.ts';

/**
 * Lets nothing be written to a folder that may be somebody else's by now: this process may have been paused for so long that
 * another one has taken it over. The last look at the lock is just before each step, since a pause may come between two.
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
