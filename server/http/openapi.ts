import { z } from 'zod';
import { httpStatus } from './problem.ts';
import type { Route, RouteDoc } from './route.ts';
import * as wire from './wire.ts';
import * as wireExpect from './wire-expect.ts';
import { frame } from './wire-frame.ts';
import * as wirePart from './wire-part.ts';
import * as wireState from './wire-state.ts';

/** JSON, as far as this file builds it. */
export interface Json {
  readonly [key: string]: Json | readonly Json[] | string | number | boolean | readonly string[] | undefined;
}

export interface OpenApi {
  readonly openapi: '3.1.0';
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Json>> };
}

export interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly required: true; readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: Content }>>;
}

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly required: boolean;
  readonly description?: string;
  readonly schema: Json;
}

type Content = Readonly<Record<string, { readonly schema: Json }>>;

const DESCRIPTION =
  'Times are ISO 8601 in UTC, sizes are in octets, durations in milliseconds. Errors are application/problem+json ' +
  '(RFC 9457) with a `code` for programs to switch on. GET never changes anything. The live feed is a WebSocket at ' +
  '/api/feed; its frames have the schema Frame.';

/** The description of the API, made from its routes and from the schemas that check them (OpenAPI 3.1). */
export function describeApi(routes: readonly Route[], version: string): OpenApi {
  const schemas = namedSchemas();
  const paths: Record<string, Record<string, Operation>> = {};
  for (const route of routes) {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method]: operation(route, path, schemas) };
  }
  const components = Object.fromEntries([...schemas.values()].map(({ name, json }) => [name, json]));
  return {
    openapi: '3.1.0',
    info: { title: 'Mailstop', version, description: DESCRIPTION },
    paths,
    components: { schemas: components },
  };
}

interface Named {
  readonly name: string;
  readonly json: Json;
}

/** The schemas that have a name of their own, by themselves. */
function namedSchemas(): ReadonlyMap<z.ZodType, Named> {
  const named = z.registry<{ id: string }>();
  const all: Readonly<Record<string, z.ZodType>> = {
    Address: wire.address,
    Attachment: wire.attachment,
    Part: wirePart.part,
    Summary: wire.summary,
    Message: wire.message,
    Listing: wire.listing,
    Counts: wire.counts,
    Patch: wire.patch,
    Patched: wire.patched,
    Deleted: wire.deleted,
    Created: wire.created,
    Mailboxes: wire.mailboxes,
    Server: wire.server,
    Live: wire.live,
    Ready: wireState.ready,
    DiskSpace: wireState.disk,
    SavedSearch: wireState.search,
    SavedSearches: wireState.searches,
    Problem: wire.problem,
    Frame: frame,
    Expectation: wireExpect.expectation,
    Where: wireExpect.where,
    MessageTest: wireExpect.messageTest,
    TextTest: wireExpect.text,
    Waited: wireExpect.waited,
    Met: wireExpect.met,
    Unmet: wireExpect.unmet,
  };
  for (const [id, schema] of Object.entries(all)) named.add(schema, { id });
  const { schemas } = z.toJSONSchema(named, { uri: (id) => `#/components/schemas/${id}`, io: 'input' });
  return new Map(
    Object.entries(all).map(([name, schema]) => [schema, { name, json: withoutIds(schemas[name] as Json) }]),
  );
}

/** Inside an OpenAPI document the place of a schema is its name. */
function withoutIds({ $schema: _schema, $id: _id, ...json }: Json): Json {
  return json;
}

function operation(
  { method, path: pattern, body = 'none', doc }: Route,
  path: string,
  named: ReadonlyMap<z.ZodType, Named>,
): Operation {
  const schemaOf = (schema: z.ZodType): Json => {
    const known = named.get(schema);
    return known
      ? { $ref: `#/components/schemas/${known.name}` }
      : withoutIds(z.toJSONSchema(schema, { io: 'input' }) as Json);
  };
  const content = (gives: RouteDoc['gives']): Content =>
    typeof gives === 'string' ? { [gives]: { schema: {} } } : { 'application/json': { schema: schemaOf(gives) } };
  const problem = { 'application/problem+json': { schema: schemaOf(wire.problem) } };
  const { status = 200, ranged, fails = [], otherwise } = doc;
  const failures = new Map<number, readonly string[]>();
  for (const code of ['bad-request', ...fails] as const) {
    failures.set(httpStatus[code], [...(failures.get(httpStatus[code]) ?? []), code]);
  }
  const takes = body === 'none' ? null : body === 'application/json' && doc.takes ? doc.takes : body;
  return {
    operationId: `${method}${path.replaceAll(/[^A-Za-z]+(\w?)/g, (_, letter: string) => letter.toUpperCase())}`,
    summary: doc.does,
    parameters: [
      ...pathParameters(pattern),
      ...Object.entries(doc.query?.shape ?? {}).map(([name, schema]) => queryParameter(name, schemaOf(schema))),
    ],
    ...(takes !== null && { requestBody: { required: true, content: content(takes) } }),
    responses: {
      [status]: { description: 'Success.', content: content(doc.gives) },
      ...(ranged && { 206: { description: 'The octets that Range asks for.', content: content(doc.gives) } }),
      ...Object.fromEntries(
        [...failures].map(([of, codes]) => [of, { description: codes.join(', '), content: problem }]),
      ),
      ...(otherwise && {
        [otherwise.status]: {
          description: 'Not met, or not ready: the body says why.',
          content: { [otherwise.type]: { schema: schemaOf(otherwise.gives) } },
        },
      }),
    },
  };
}

function pathParameters(pattern: string): Parameter[] {
  return [...pattern.matchAll(/:(\w+)/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    schema: name === 'index' ? { type: 'integer' } : { type: 'string' },
  }));
}

function queryParameter(name: string, { description, ...schema }: Json): Parameter {
  return { name, in: 'query', required: false, description: String(description), schema };
}
