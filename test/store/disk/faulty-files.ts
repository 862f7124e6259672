import { type Files, nodeFiles } from '../../../server/store/disk/files.ts';

/** One thing that is done to the disk: which, and the path it is done to. */
export interface Step {
  readonly does:
    | 'create'
    | 'write'
    | 'sync'
    | 'close'
    | 'rename'
    | 'remove'
    | 'makeFolder'
    | 'removeFolder'
    | 'syncFolder';
  readonly path: string;
}

/** Asks before each step; what it throws is how the step fails. */
export function asking(before: (step: Step) => void, files: Files = nodeFiles): Files {
  const ask = (does: Step['does'], path: string) => before({ does, path });
  return {
    create: async (path) => {
      ask('create', path);
      const file = await files.create(path);
      const step = async (does: 'write' | 'sync' | 'close', work: () => Promise<void>) => {
        try {
          ask(does, path);
        } catch (error) {
          // The file is closed for real, or tests would run out of descriptors.
          if (does === 'close') await file.close();
          throw error;
        }
        await work();
      };
      return {
        write: (octets) => step('write', () => file.write(octets)),
        sync: () => step('sync', () => file.sync()),
        close: () => step('close', () => file.close()),
      };
    },
    rename: async (from, to) => {
      ask('rename', to);
      await files.rename(from, to);
    },
    remove: async (path) => {
      ask('remove', path);
      await files.remove(path);
    },
    makeFolder: async (path) => {
      ask('makeFolder', path);
      await files.makeFolder(path);
    },
    removeFolder: async (path) => {
      ask('removeFolder', path);
      await files.removeFolder(path);
    },
    syncFolder: async (path) => {
      ask('syncFolder', path);
      await files.syncFolder(path);
    },
  };
}

/** Nothing more happens on the disk after so many steps. */
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
