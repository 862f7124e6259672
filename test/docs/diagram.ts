import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { importedFile, importsOf, read, root, sources } from '../imports.ts';

/** The diagram of docs/architecture.md, made from the imports. `npm run diagram` writes it. */

const PAGE = 'docs/architecture.md';
const MARKED = /(?<=<!-- diagram -->\n)[\s\S]*(?=<!-- \/diagram -->)/;

/** The page as it should be. */
export function withDiagram(page: string): string {
  return page.replace(MARKED, () => `\`\`\`mermaid\n${diagram()}\n\`\`\`\n`);
}

function diagram(): string {
  const imports = new Map<string, Set<string>>();
  for (const file of ['wire', 'server', 'client', 'ui/src'].flatMap(sources)) {
    for (const { from } of importsOf(read(file))) {
      if (!from.startsWith('.')) continue;
      const [importer, imported] = [partOf(file), partOf(importedFile(file, from))];
      if (importer === null || imported === null || importer === imported) continue;
      imports.set(importer, (imports.get(importer) ?? new Set()).add(imported));
    }
  }
  const arrows = [...imports].flatMap(([importer, all]) =>
    [...all]
      .filter((imported) => ![...all].some((other) => other !== imported && leads(other, imported, importer, imports)))
      .map((imported) => `  ${named(importer)} --> ${named(imported)}`),
  );
  return ['flowchart TD', ...arrows.sort()].join('\n');
}

/** Whether `from` imports `to`, itself or through others, but not through `around`. */
function leads(from: string, to: string, around: string, imports: ReadonlyMap<string, ReadonlySet<string>>): boolean {
  const seen = new Set([around]);
  const next = [from];
  for (let part = next.pop(); part !== undefined; part = next.pop()) {
    if (part === to) return true;
    if (seen.has(part)) continue;
    seen.add(part);
    next.push(...(imports.get(part) ?? []));
  }
  return false;
}

/** A folder of the server, or a folder at the top; an entry point is a part of its own. Null for what all of the server uses. */
function partOf(file: string): string | null {
  const [top = '', second = ''] = file.split('/');
  if (top !== 'server') return top;
  if (dirname(file) === 'server') return /^(?:cli|index)\.ts$/.test(second) ? file : null;
  return `server/${second}`;
}

/** Mermaid's names have no slashes; what is shown may. */
function named(part: string): string {
  return `${part.replaceAll(/[/.]/g, '_')}["${part}"]`;
}

if (process.argv[1] === import.meta.filename) {
  writeFileSync(join(root, PAGE), withDiagram(read(PAGE)));
}
