import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { type Files, nodeFiles, oneByOne } from '../../../server/store/disk/files/files.ts';

/** The content of a file: as a reader sees it, and as synced to disk. */
interface Content {
  live: Buffer;
  synced: Buffer;
}

/**
 * Tracks changes to a folder, and knows what would survive a loss of power: the synced content of files, and the entries
 * of folders when they were synced. Anything else may or may not be there, so there are two extremes.
 */
export class Power {
  readonly #entries = new Map<string, Content>();
  readonly #synced = new Map<string, Content>();

  files(): Files {
    return oneByOne({
      ...nodeFiles,
      create: async (path) => {
        const file = await nodeFiles.create(path);
        const content: Content = { live: Buffer.alloc(0), synced: Buffer.alloc(0) };
        this.#entries.set(path, content);
        return {
          write: async (...pieces) => {
            await file.write(...pieces);
            content.live = Buffer.concat([content.live, ...pieces]);
          },
          overwrite: async (octets, at) => {
            await file.overwrite(octets, at);
            content.live = Buffer.from(content.live);
            content.live.set(octets, at);
          },
          sync: async () => {
            await file.sync();
            content.synced = content.live;
          },
          close: () => file.close(),
        };
      },
      rename: async (from, to) => {
        await nodeFiles.rename(from, to);
        const content = this.#entries.get(from);
        if (content) this.#entries.set(to, content);
        this.#entries.delete(from);
      },
      remove: async (path) => {
        await nodeFiles.remove(path);
        this.#entries.delete(path);
      },
      syncFolder: async (folder) => {
        await nodeFiles.syncFolder(folder);
        for (const path of this.#synced.keys()) if (dirname(path) === folder) this.#synced.delete(path);
        for (const [path, content] of this.#entries) if (dirname(path) === folder) this.#synced.set(path, content);
      },
    });
  }

  /**
   * Writes the files that would be left after a power failure.
   * @param entries `synced`: names that were not synced are lost; `all`: they are there, with what was synced of their
   * content
   */
  restore(from: string, to: string, entries: 'synced' | 'all'): void {
    for (const [path, { synced }] of entries === 'all' ? this.#entries : this.#synced) {
      const place = join(to, relative(from, path));
      mkdirSync(dirname(place), { recursive: true });
      writeFileSync(place, synced);
    }
  }
}
