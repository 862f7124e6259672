import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { FIELDS, type Field } from '../../wire/query/fields.ts';
import { importedFile, importsOf, read, root, sources } from '../imports.ts';

/** What of the documentation is made from the code. `npm run generate` writes it. */

const parts: readonly { readonly page: string; readonly name: string; readonly make: () => string }[] = [
  { page: 'docs/architecture.md', name: 'diagram', make: () => `\`\`\`mermaid\n${diagram()}\n\`\`\`` },
  { page: 'docs/queries.md', name: 'fields', make: fieldTable },
];

export const generatedPages = parts.map(({ page }) => page);

/** A page with its generated part as it should be. */
export function withGenerated(page: string, text: string): string {
  return parts
    .filter((part) => part.page === page)
    .reduce((made, { name, make }) => {
      const marked = new RegExp(`(?<=<!-- ${name} -->\\n)[\\s\\S]*(?=<!-- /${name} -->)`);
      if (!marked.test(made)) throw new Error(`${page} has no place for ${name}`);
      return made.replace(marked, () => `${make()}\n`);
    }, text);
}

function fieldTable(): string {
  const rows = Object.entries<Field>(FIELDS).map(
    ([name, { example, finds }]) => `| \`${name}:${example}\` | ${finds} |`,
  );
  return ['| field | finds |', '| --- | --- |', ...rows].join('\n');
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

/** A folder of the server, a top-level folder, or an entry point. Null for files that all of the server uses. */
function partOf(file: string): string | null {
  const [top = '', second = ''] = file.split('/');
  if (top !== 'server') return top;
  if (dirname(file) === 'server') return /^(?:cli|index)\.ts$/.test(second) ? file : null;
  return `server/${second}`;
}

/** Mermaid ids can't have slashes; labels can. */
function named(part: string): string {
  return `${part.replaceAll(/[/.]/g, '_')}["${part}"]`;
}

if (process.argv[1] === import.meta.filename) {
  for (const page of generatedPages) writeFileSync(join(root, page), withGenerated(page, read(page)));
}
