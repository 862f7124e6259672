import { type Files, nodeFiles, oneByOne, type SingleFiles } from '../../../server/store/disk/files/files.ts';

/** One operation on the disk: its kind and path. */
export interface Step {
  readonly does:
    | 'create'
    | 'write'
    | 'overwrite'
    | 'sync'
    | 'close'
    | 'rename'
    | 'remove'
    | 'makeFolder'
    | 'removeFolder'
    | 'syncFolder';
  readonly path: string;
}

/** Passes each step through a function, which does it or fails instead. */
export function around(
  through: <T>(step: Step, work: () => Promise<T>) => Promise<T>,
  files: SingleFiles = nodeFiles,
): Files {
  const make = (does: Step['does'], path: string, work: () => Promise<void>) => through({ does, path }, work);
  return oneByOne({
    create: async (path, writes) => {
      const file = await through({ does: 'create', path }, () => files.create(path, writes));
      return {
        write: (...pieces) => make('write', path, () => file.write(...pieces)),
        overwrite: (octets, at) => make('overwrite', path, () => file.overwrite(octets, at)),
        sync: () => make('sync', path, () => file.sync()),
        close: async () => {
          let closed = false;
          try {
            await make('close', path, () => {
              closed = true;
              return file.close();
            });
          } finally {
            // The file is closed for real, or tests would run out of descriptors.
            if (!closed) await file.close();
          }
        },
      };
    },
    rename: (from, to) => make('rename', to, () => files.rename(from, to)),
    remove: (path) => make('remove', path, () => files.remove(path)),
    makeFolder: (path) => make('makeFolder', path, () => files.makeFolder(path)),
    removeFolder: (path) => make('removeFolder', path, () => files.removeFolder(path)),
    syncFolder: (path) => make('syncFolder', path, () => files.syncFolder(path)),
  });
}

/** Calls `before` each step; if that throws, the step fails with its error. */
export function asking(before: (step: Step) => void, files?: Files): Files {
  return around(async (step, work) => {
    before(step);
    return work();
  }, files);
}

/** Nothing more happens on the disk after this many steps. */
export function stoppingAfter(steps: number, files?: Files): Files & { readonly taken: number } {
  let taken = 0;
  const asked = asking(() => {
    if (taken >= steps) throw new Error('the process was killed');
    taken += 1;
  }, files);
  return {
    ...asked,
    get taken() {
      return taken;
    },
  };
}

export function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: as the test wants it`), { code });
}
