import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { type Files, nodeFiles, oneByOne } from '../../../server/store/disk/files/files.ts';

/** What is in a file: what a reader sees, and what is known to be on the disk. */
interface Content {
  live: Buffer;
  synced: Buffer;
}

/**
 * Watches what is done to a folder, and knows what of it would outlast a loss of power: of a file what was synced, of a
 * folder the entries it had when it was synced. What was not synced may be there or not, so there are two extremes.
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
   * Writes what is there when the power is back.
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
