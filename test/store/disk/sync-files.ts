import { closeSync, fstatSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { type Files, oneByOne } from '../../../server/store/disk/files/files.ts';
import { systemError } from './faulty-files.ts';

/** Each step is done when the call returns, so that the order does not depend on the machine. */
export const syncFiles: Files = oneByOne({
  create: async (path) => {
    const file = openSync(path, 'wx', 0o600);
    let length = 0;
    return {
      async write(...pieces) {
        const octets = Buffer.concat(pieces);
        writeSync(file, octets, 0, octets.length, length);
        length += octets.length;
      },
      async overwrite(octets, at) {
        const { size } = fstatSync(file);
        if (at < size) writeSync(file, octets, 0, Math.min(octets.length, size - at), at);
      },
      sync: async () => {
        if (fstatSync(file).nlink === 0) throw systemError('ENOENT');
      },
      close: async () => closeSync(file),
    };
  },
  rename: async (from, to) => renameSync(from, to),
  remove: async (path) => rmSync(path, { force: true }),
  makeFolder: async (path) => void mkdirSync(path, { recursive: true }),
  removeFolder: async (path) => rmSync(path, { recursive: true, force: true }),
  syncFolder: async () => {},
});
