import { request } from 'node:http';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import type { Json, OpenApi, Operation } from '../../server/http/docs/openapi.ts';

/** Valid and invalid requests generated from the API description, and checks of their responses. */

export interface Asked {
  readonly path: string;
  readonly method: string;
  readonly operation: Operation;
  /** By the name of the parameter. */
  readonly inPath: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly type: string | undefined;
  readonly body: string | undefined;
}

export interface Answer {
  readonly status: number;
  /** The media type, without parameters. */
  readonly type: string;
  readonly text: string;
}

export interface Schemas {
  readonly named: Readonly<Record<string, Json>>;
  /** Why a value does not fit; null when it does. */
  objection(schema: Json, value: unknown): string | null;
}

export function schemasOf({ components }: OpenApi): Schemas {
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: false });
  ajv.addSchema({ components }, 'api');
  return {
    named: components.schemas,
    objection(schema, value) {
      const check = ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/components/', '"api#/components/')));
      return check(value) ? null : ajv.errorsText(check.errors);
    },
  };
}

type Described = Pick<Asked, 'path' | 'method' | 'operation'>;

/** Keep these times short. */
const SHORT = { within: 20, quiet: 20, timeout: 20 };

export function requestFor(one: Described, ids: readonly string[], schemas: Schemas): fc.Arbitrary<Asked> {
  const { operation } = one;
  const inPath: Record<string, fc.Arbitrary<string>> = {};
  const query: Record<string, fc.Arbitrary<string>> = {};
  for (const { name, in: place, schema } of operation.parameters) {
    const text = aValue(name, schema, schemas).map(String);
    if (place === 'path')
      inPath[name] = name === 'id' || name === 'session' ? fc.nat(ids.length - 1).map((i) => ids[i] ?? '') : text;
    else query[name] = oftenOr(text, JUNK);
  }
  const [type = undefined, content = undefined] = Object.entries(operation.requestBody?.content ?? {})[0] ?? [];
  const good =
    type === 'application/json' ? aValue('', content?.schema ?? {}, schemas).map((v) => JSON.stringify(v)) : MAIL;
  return fc.record({
    path: fc.constant(one.path),
    method: fc.constant(one.method),
    operation: fc.constant(operation),
    inPath: fc.record(inPath),
    query: fc
      .tuple(fc.record(query, { requiredKeys: [] }), oftenOr(fc.constant({}), fc.constant({ qq: 'x' })))
      .map(([known, unknown]) => ({ ...known, ...unknown })),
    type:
      type === undefined
        ? fc.constant(undefined)
        : oftenOr<string | undefined>(fc.constant(type), fc.constantFrom('text/plain', undefined)),
    body:
      type === undefined ? fc.constant(undefined) : oftenOr(good, fc.oneof(fc.constant('{}'), fc.json(), fc.string())),
  });
}

const JUNK = fc.oneof(
  fc.string(),
  fc.constantFrom('', '-1', '1.5', '9007199254740991', '1e3', 'true', 'nil', '0x10', ' 1'),
);
const MAIL = fc.string().map((text) => `Subject: ${text}\r\n\r\n${text}`);

const oftenOr = <T>(often: fc.Arbitrary<T>, seldom: fc.Arbitrary<T>) =>
  fc.oneof({ arbitrary: often, weight: 8 }, { arbitrary: seldom, weight: 1 });

/** Values that fit a schema, as far as this code supports it. */
function aValue(name: string, schema: Json, schemas: Schemas, depth = 0): fc.Arbitrary<unknown> {
  const {
    $ref,
    anyOf,
    oneOf,
    const: only,
    enum: some,
    type,
    minimum,
    maximum,
    items,
    properties,
    required,
    additionalProperties,
  } = schema as {
    readonly [key: string]: never;
  } & {
    readonly $ref?: string;
    readonly anyOf?: readonly Json[];
    readonly oneOf?: readonly Json[];
    readonly const?: unknown;
    readonly enum?: readonly unknown[];
    readonly type?: string;
    readonly minimum?: number;
    readonly maximum?: number;
    readonly items?: Json;
    readonly properties?: Readonly<Record<string, Json>>;
    readonly required?: readonly string[];
    readonly additionalProperties?: Json | boolean;
  };
  const inside = (key: string, one: Json) => aValue(key, one, schemas, depth + 1);
  if ($ref !== undefined) return inside(name, schemas.named[$ref.split('/').at(-1) ?? ''] ?? {});
  const forms = anyOf ?? oneOf;
  if (forms) return fc.oneof(...(depth > 6 ? forms.slice(0, 1) : forms).map((one) => inside(name, one)));
  if (only !== undefined) return fc.constant(only);
  if (some) return fc.constantFrom(...some);
  switch (type) {
    case 'integer':
    case 'number': {
      // The mails have two attachments at most.
      if (name === 'index') return fc.nat(2);
      const most = name in SHORT ? SHORT[name as keyof typeof SHORT] : Math.min(maximum ?? 50, 1_000_000);
      return fc.integer({ min: Math.min(minimum ?? 0, most), max: most });
    }
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array':
      return fc.array(inside(name, items ?? {}), { maxLength: depth > 6 ? 0 : 3 });
    case 'object': {
      const fields = Object.entries(properties ?? {}).map(([key, one]) => [key, inside(key, one)]);
      // Always include the time limits, or a request for missing mail would take five seconds.
      const short = Object.keys(properties ?? {}).filter((key) => key in SHORT);
      const known = fc.record(Object.fromEntries(fields), {
        requiredKeys: [...new Set([...(required ?? []), ...short])] as never[],
      });
      if (properties !== undefined && 'min' in properties && 'max' in properties) return known.map(inOrder);
      if (typeof additionalProperties !== 'object' || fields.length > 0) return known;
      return fc.dictionary(fc.constantFrom('subject', 'x-y', 'from'), inside('', additionalProperties), {
        minKeys: 1,
        maxKeys: 2,
      });
    }
    default:
      // Regular expressions are checked by the engine, which JSON Schema can't describe.
      if (name === 'matches') return fc.constantFrom('a+', 'x|y', '(?:one)');
      return fc.oneof(
        fc.constantFrom('is:unread', 'plain', 'a@x.test', 'x'),
        fc.string({ minLength: 1, maxLength: 10 }),
      );
  }
}

/** Puts a range in order: reversed ones are rejected, which JSON Schema can't express. */
function inOrder(range: { readonly min?: unknown; readonly max?: unknown }): unknown {
  const { min, max } = range;
  return typeof min === 'number' && typeof max === 'number'
    ? { min: Math.min(min, max), max: Math.max(min, max) }
    : range;
}

export function send(base: string, { path, method, inPath, query, type, body, operation }: Asked): Promise<Answer> {
  const asked = { ...(operation.operationId === 'waitForMessages' && { timeout: '10' }), ...query };
  const url = new URL(
    path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(inPath[name] ?? '')) +
      (Object.keys(asked).length > 0 ? `?${new URLSearchParams(asked)}` : ''),
    base,
  );
  const headers = {
    ...(type !== undefined && { 'content-type': type }),
    ...(body !== undefined && { 'content-length': Buffer.byteLength(body) }),
  };
  return new Promise((resolve, reject) => {
    const req = request(url, { method: method.toUpperCase(), headers }, (res) => {
      const pieces: Buffer[] = [];
      res.on('data', (piece: Buffer) => pieces.push(piece));
      res.on('end', () => {
        const [mediaType = ''] = (res.headers['content-type'] ?? '').split(';');
        resolve({ status: res.statusCode ?? 0, type: mediaType, text: Buffer.concat(pieces).toString() });
      });
    });
    req.on('error', reject);
    req.end(body);
  });
}

/** What is wrong with the response to a request; null if nothing is. */
export function objection(asked: Asked, { status, type, text }: Answer, schemas: Schemas): string | null {
  const { operation, inPath, query, body } = asked;
  const about = `${operation.operationId} ${JSON.stringify({ inPath, query, type: asked.type, body })} -> ${status} ${type} ${text.slice(0, 500)}`;
  // A path with an empty name, say, belongs to another operation.
  if (Object.values(inPath).some((value) => value === '' || /^\.\.?$/.test(value))) return null;
  const described = operation.responses[status];
  if (!described) return `status not described: ${about}`;
  const schema = described.content?.[type]?.schema;
  if (!schema) return `content type not described: ${about}`;
  const wrong = /json$/.test(type) ? schemas.objection(schema, JSON.parse(text)) : null;
  if (wrong !== null) return `not as described: ${wrong}: ${about}`;
  const fault = faultOf(asked, schemas);
  if (fault !== null && status < 300) return `taken, although ${fault}: ${about}`;
  const { code } = status === 400 ? JSON.parse(text) : { code: null };
  if (fault === null && code === 'bad-request' && !dependsOnOthers(asked)) return `refused, although it fits: ${about}`;
  return null;
}

/** Whether a parameter requires or excludes another one, which OpenAPI can't express. */
function dependsOnOthers({ operation: { operationId }, query }: Asked): boolean {
  if (operationId === 'listMessages')
    return query['ids'] !== undefined || (query['full'] !== undefined && Number(query['limit']) > 200);
  return /^(?:update|delete)Messages$/.test(operationId) && (query['q'] ?? '').trim() === '' && query['all'] !== 'true';
}

/** Why a request does not match the description. */
function faultOf({ operation, inPath, query, type, body }: Asked, schemas: Schemas): string | null {
  for (const { name, in: place, schema } of operation.parameters) {
    const text = (place === 'path' ? inPath : query)[name];
    if (text === undefined) continue;
    const value =
      schema['type'] === 'array'
        ? [text]
        : schema['type'] === 'integer' && /^\d{1,16}$/.test(text)
          ? Number(text)
          : text;
    const fault = schemas.objection(schema, value);
    if (fault !== null) return `${name}: ${fault}`;
  }
  const known = operation.parameters.map(({ name }) => name);
  // Probes may add some.
  if (!/^get(?:Liveness|Readiness)$/.test(operation.operationId)) {
    for (const name of Object.keys(query)) if (!known.includes(name)) return `${name} is no parameter`;
  }
  const content = operation.requestBody?.content;
  if (!content) return null;
  const schema = content[type ?? '']?.schema;
  if (!schema) return `${type} is not taken`;
  if (type !== 'application/json') return null;
  try {
    return schemas.objection(schema, JSON.parse(body ?? ''));
  } catch (error) {
    return String(error);
  }
}
