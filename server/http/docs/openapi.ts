import { z } from 'zod';
import * as wireExpect from '../../../wire/expect.ts';
import { frame } from '../../../wire/frame.ts';
import * as wire from '../../../wire/message.ts';
import * as wirePart from '../../../wire/part.ts';
import * as wireState from '../../../wire/state.ts';
import { httpStatus } from '../answer/problem.ts';
import { MEDIA_TYPES, type Route, type RouteDoc } from '../route.ts';

/** The JSON that this file builds. */
export interface Json {
  readonly [key: string]: Json | readonly Json[] | string | number | boolean | readonly string[] | undefined;
}

export interface OpenApi {
  readonly openapi: '3.1.0';
  readonly info: {
    readonly title: string;
    readonly version: string;
    readonly description: string;
    readonly license: { readonly name: string; readonly identifier: string };
  };
  readonly servers: readonly { readonly url: string; readonly description: string }[];
  /** Nothing needs a login. */
  readonly security: readonly [];
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Json>> };
}

export interface Operation {
  readonly operationId: string;
  readonly tags: readonly [string];
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

/** The groups of operations, each with the paths that belong to it. */
const TAGS: Readonly<Record<string, { readonly paths: RegExp; readonly about: string }>> = {
  Assertions: { paths: /^\/api\/(?:messages\/wait|expect)$/, about: 'Wait for mail, and check what it contains.' },
  Messages: { paths: /^\/api\/messages(?:\/|$)/, about: 'Read, add, mark and delete mail.' },
  Searches: { paths: /^\/api\/searches(?:\/|$)/, about: 'Saved searches: queries with a name.' },
  Sessions: {
    paths: /^\/api\/sessions(?:\/|$)/,
    about: 'SMTP and POP3 sessions: why did my mail not arrive?',
  },
  Server: { paths: /^\//, about: 'The server, and whether it is healthy.' },
};

/** Error codes that any request may get. Not `internal`, which is a fault of Mailstop. */
const ANY_REQUEST = ['bad-request', 'forbidden-origin', 'forbidden-host', 'starting', 'stopping'] as const;
const WITH_BODY = ['body-too-large', 'unsupported-media-type'] as const;

/** The description of the API, made from its routes and from the schemas that check them (OpenAPI 3.1). */
export function describeApi(routes: readonly Route[], version: string): OpenApi {
  const schemas = jsonSchemas(routes);
  const paths: Record<string, Record<string, Operation>> = {};
  for (const route of routes) {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method]: operation(route, schemas) };
  }
  const named = [...schemas.values()].filter(({ name }) => !name.startsWith(UNNAMED));
  const components = Object.fromEntries(named.map(({ name, json }) => [name, json]));
  return {
    openapi: '3.1.0',
    info: { title: 'Mailstop', version, description: DESCRIPTION, license: { name: 'MIT', identifier: 'MIT' } },
    servers: [{ url: '/', description: 'The server that this description comes from.' }],
    security: [],
    tags: Object.entries(TAGS).map(([name, { about }]) => ({ name, description: about })),
    paths,
    components: { schemas: components },
  };
}

interface Named {
  readonly name: string;
  readonly json: Json;
}

/** Prefix for the names of schemas that are used in one place only, and are inlined there. */
const UNNAMED = '_';

/** The schemas of bodies and responses. Named schemas refer to other named schemas. */
function jsonSchemas(routes: readonly Route[]): ReadonlyMap<z.ZodType, Named> {
  const registry = z.registry<{ id: string }>();
  const all: Readonly<Record<string, z.ZodType>> = {
    Address: wire.address,
    Attachment: wire.attachment,
    Part: wirePart.part,
    Summary: wire.summary,
    Message: wire.message,
    Headers: wire.message.shape.headers,
    Listing: wire.listing,
    WholeListing: wire.wholeListing,
    Counts: wire.counts,
    Patch: wire.patch,
    Patched: wire.patched,
    Deleted: wire.deleted,
    Created: wire.created,
    Mailboxes: wire.mailboxes,
    Server: wireState.server,
    Live: wireState.live,
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
  const bodies = routes.flatMap(({ doc: { takes, gives, otherwise } }) => [takes, gives, otherwise?.gives]);
  const unnamed = bodies.filter((body) => body instanceof z.ZodType && !Object.values(all).includes(body));
  const named = { ...all, ...Object.fromEntries(unnamed.map((schema, i) => [`${UNNAMED}${i}`, schema as z.ZodType])) };
  for (const [id, schema] of Object.entries(named)) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, {
    uri: (id) => `#/components/schemas/${id}`,
    io: 'input',
    // Custom checks come with their JSON Schema in the registry.
    override: ({ zodSchema, jsonSchema }) => void Object.assign(jsonSchema, z.globalRegistry.get(zodSchema)),
  });
  return new Map(
    Object.entries(named).map(([name, schema]) => [schema, { name, json: withoutIds(schemas[name] as Json) }]),
  );
}

/** Removes ids: in an OpenAPI document, the location of a schema is its id. */
function withoutIds({ $schema: _schema, $id: _id, ...json }: Json): Json {
  return json;
}

function operation({ path: pattern, body = 'none', doc }: Route, schemas: ReadonlyMap<z.ZodType, Named>): Operation {
  const schemaOf = (schema: z.ZodType): Json => {
    const known = schemas.get(schema);
    if (known === undefined) return withoutIds(z.toJSONSchema(schema, { io: 'input' }) as Json);
    return known.name.startsWith(UNNAMED) ? known.json : { $ref: `#/components/schemas/${known.name}` };
  };
  const content = (gives: RouteDoc['gives']): Content =>
    gives instanceof z.ZodType
      ? { 'application/json': { schema: schemaOf(gives) } }
      : Object.fromEntries([gives].flat().map((type) => [type, { schema: {} }]));
  const problem = { 'application/problem+json': { schema: schemaOf(wire.problem) } };
  const { status = 200, ranged, fails = [], otherwise } = doc;
  const takes = body === 'none' ? null : (doc.takes ?? MEDIA_TYPES[body]);
  const failures = new Map<number, readonly string[]>([[500, ['internal']]]);
  for (const code of new Set([...ANY_REQUEST, ...(takes === null ? [] : WITH_BODY), ...fails])) {
    failures.set(httpStatus[code], [...(failures.get(httpStatus[code]) ?? []), code]);
  }
  const [tag = ''] = Object.entries(TAGS).find(([, { paths }]) => paths.test(pattern)) ?? [];
  return {
    operationId: doc.id,
    tags: [tag],
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
          content: {
            ...(failures.has(otherwise.status) && problem),
            [otherwise.type]: { schema: schemaOf(otherwise.gives) },
          },
        },
      }),
    },
  };
}

function pathParameters(pattern: string): Parameter[] {
  const schemas: Readonly<Record<string, z.ZodType>> = {
    id: wire.messageId.or(z.literal('latest')),
    session: wire.messageId,
    index: wire.count,
    name: wireState.searchName,
  };
  return [...pattern.matchAll(/:(\w+)/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    schema: withoutIds(z.toJSONSchema(schemas[name] ?? z.string()) as Json),
  }));
}

function queryParameter(name: string, { description, ...schema }: Json): Parameter {
  return { name, in: 'query', required: false, description: String(description), schema };
}
