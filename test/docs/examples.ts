import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/**
 * The examples of a page of the documentation by the file name in their first line, which is a comment: `// app.ts`,
 * `# conftest.py`, `<?php // Shop.php, which stands for your app`.
 * @param languages as the page names them after the three backticks
 */
export function examplesOf(page: string, ...languages: readonly string[]): ReadonlyMap<string, string> {
  const text = readFileSync(join(root, 'docs', page), 'utf8');
  const examples = new Map<string, string>();
  for (const [, language = '', source = ''] of text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)) {
    if (!languages.includes(language)) continue;
    const [, name] = /^(?:<\?php )?(?:\/\/|#) ([\w./-]+\.\w+)/.exec(source) ?? [];
    if (name === undefined || examples.has(name)) {
      throw new Error(`docs/${page}: an example of ${language} has no file name of its own in its first line`);
    }
    examples.set(name, source);
  }
  return examples;
}
