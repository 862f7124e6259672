import { createHash } from 'node:crypto';
import type { Json, OpenApi, Operation } from './openapi.ts';

/** The page at `/api/docs`: the API description for people. It needs no script and loads nothing. */
export function docsPage({ info, paths, components }: OpenApi): string {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const contents = operations.map(
    ({ path, method, operation }) =>
      `<li><a href="#${operation.operationId}"><b>${method}</b> ${escaped(path)}</a></li>`,
  );
  const schemas = Object.entries(components.schemas).map(
    ([name, schema]) => `<section id="schema-${name}"><h3>${name}</h3>${schemaCode(schema)}</section>`,
  );
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escaped(info.title)} API</title>
<style>${STYLE}</style>
<nav><h1>${escaped(info.title)} <small>${escaped(info.version)}</small></h1>
<p><a href="/">Inbox</a> · <a href="/api/openapi.json">openapi.json</a></p>
<ul>${contents.join('')}</ul><p><a href="#schemas">Schemas</a></p></nav>
<main><p>${escaped(info.description)}</p>
${operations.map(({ path, method, operation }) => section(method, path, operation)).join('\n')}
<h2 id="schemas">Schemas</h2>
${schemas.join('\n')}
</main>
</html>
`;
}

/** The Content-Security-Policy of that page: allows only its own style, by hash. */
export function docsPolicy(): string {
  const hash = createHash('sha256').update(STYLE).digest('base64');
  return `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
}

function section(
  method: string,
  path: string,
  { operationId, summary, parameters, requestBody, responses }: Operation,
): string {
  const rows = parameters.map(
    ({ name, in: where, description = '', schema }) =>
      `<tr><th>${escaped(name)}</th><td>${where}</td><td>${escaped(description)} <code>${escaped(typeText(schema))}</code></td></tr>`,
  );
  const answers = Object.entries(responses).map(
    ([status, { description, content = {} }]) =>
      `<tr><th>${status}</th><td>${escaped(description)}</td><td>${contentText(content)}</td></tr>`,
  );
  return `<section id="${operationId}"><h2><b>${method}</b> ${escaped(path)}</h2><p>${escaped(summary)}</p>
${rows.length > 0 ? `<table>${rows.join('')}</table>` : ''}
${requestBody ? `<p>Body: ${contentText(requestBody.content)}</p>` : ''}
<table>${answers.join('')}</table></section>`;
}

function contentText(content: NonNullable<Operation['requestBody']>['content']): string {
  return Object.entries(content)
    .map(([type, { schema }]) => `${escaped(type)} ${Object.keys(schema).length > 0 ? inlineSchema(schema) : ''}`)
    .join(', ');
}

function inlineSchema(schema: Json): string {
  const { $ref } = schema;
  return typeof $ref === 'string' ? reference($ref) : schemaCode(schema);
}

function schemaCode(schema: Json): string {
  const code = escaped(JSON.stringify(schema, null, 2));
  return `<pre>${code.replaceAll(/&quot;\$ref&quot;: &quot;(#\/components\/schemas\/\w+)&quot;/g, (_, $ref: string) => reference($ref))}</pre>`;
}

function reference($ref: string): string {
  const name = $ref.split('/').at(-1) ?? '';
  return `<a href="#schema-${name}">${name}</a>`;
}

function typeText({ type, enum: values, const: value, default: fallback, minimum, maximum }: Json): string {
  const range =
    minimum !== undefined && maximum !== undefined && Number(maximum) < Number.MAX_SAFE_INTEGER
      ? ` ${minimum} to ${maximum}`
      : '';
  const shown =
    value !== undefined
      ? JSON.stringify(value)
      : Array.isArray(values)
        ? values.join(' | ')
        : `${type ?? 'any'}${range}`;
  return fallback === undefined ? shown : `${shown}, default ${fallback}`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

const STYLE = `
:root { color-scheme: light dark; --text: light-dark(#1f2430, #e6e7ea); --quiet: light-dark(#5d6470, #9ba1ac); --line: light-dark(#e3e4e8, #33363d); --ground: light-dark(#fff, #1f2024); --accent: light-dark(#4a4fd6, #9a9eff); }
* { box-sizing: border-box }
body { margin: 0; font: 15px/1.5 system-ui, sans-serif; color: var(--text); background: var(--ground) }
nav { padding: 24px; border-bottom: 1px solid var(--line) }
nav ul { list-style: none; padding: 0; margin: 0; font-size: 13px; line-height: 24px }
main { padding: 24px; max-width: 900px }
@media (min-width: 900px) { nav { position: fixed; inset: 0 auto 0 0; width: 320px; overflow: auto; border-right: 1px solid var(--line); border-bottom: 0 } main { margin-left: 320px } }
h1 { font-size: 20px; margin: 0 } h1 small, h2 b, nav b { color: var(--quiet); font-weight: 400 }
h2 { font-size: 17px; margin: 40px 0 4px; overflow-wrap: anywhere } h2 b, nav b { text-transform: uppercase; font-size: 12px }
h3 { font-size: 15px; margin: 24px 0 4px }
a { color: var(--accent); text-decoration: none } a:hover { text-decoration: underline }
table { border-collapse: collapse; margin: 8px 0; font-size: 13px; width: 100% }
th, td { text-align: left; vertical-align: top; padding: 4px 16px 4px 0; border-top: 1px solid var(--line); font-weight: 400 }
th { font-family: ui-monospace, monospace; white-space: nowrap; width: 1% }
pre, code { font: 12px/1.5 ui-monospace, monospace } pre { overflow: auto; padding: 12px; border: 1px solid var(--line); border-radius: 8px; margin: 4px 0 }
`;
