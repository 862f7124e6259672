import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';

/** Reads who imports whom. Paths are from the root of the repository, with forward slashes. */

export const root = join(import.meta.dirname, '..');

export interface Import {
  /** As the source says it: a path from the importing file, or the name of a package. */
  readonly from: string;
  readonly typeOnly: boolean;
}

export function importsOf(source: string): readonly Import[] {
  const statements = source.matchAll(/^\s*(?:import|export)\s+(type\s)?(?:[^;'"]*?\sfrom\s+)?'([^']+)'/gm);
  const dynamic = source.matchAll(/\bimport\(\s*'([^']+)'\s*\)/g);
  return [
    ...[...statements].map(([, type, from = '']) => ({ from, typeOnly: type !== undefined })),
    ...[...dynamic].map(([, from = '']) => ({ from, typeOnly: false })),
  ];
}

export function read(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}

/** The file that `file` means by `./neighbour.ts`. */
export function importedFile(file: string, from: string): string {
  return slashes(relative(root, resolve(root, dirname(file), from)));
}

/** The TypeScript files of a folder and of those in it. */
export function sources(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => `${folder}/${slashes(name)}`);
}

const slashes = (path: string) => path.split(sep).join('/');
