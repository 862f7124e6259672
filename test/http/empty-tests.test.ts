import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import * as wire from '../../wire/expect.ts';
import { anIncoming } from '../message/a-summary.ts';
import { aServer, type TestServer } from './a-server.ts';

describe('a test that is empty', () => {
  const schema = JSON.parse(JSON.stringify(z.toJSONSchema(wire.expectation, { io: 'input' }))) as Schema;
  const wrong = (server: TestServer, body: object) =>
    server.ask('POST', '/api/expect', {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

  test.each(emptied(schema))('%s is rejected by name', async (name, body) => {
    await using server = await aServer();
    await server.store.add(anIncoming({ raw: 'Subject: hello\r\n\r\n' }));
    const { status, json } = await wrong(server, body);
    expect([status, json.detail]).toEqual([400, expect.stringContaining(`"${name}`)]);
  });

  test('was tried for every field', () => {
    const names = emptied(schema).map(([name]) => name);
    // New fields are included automatically.
    expect(names.length).toBeGreaterThan(120);
    expect(names).toEqual(
      expect.arrayContaining(['where', 'message', 'message.subject', 'message.attachments.0.size', 'count']),
    );
  });

  test('says what to do', async () => {
    await using server = await aServer();
    const { json } = await wrong(server, { message: { subject: {} } });
    expect(json.detail).toBe(
      'body "message.subject" is empty, so every mail would pass: say what is expected, or leave it out',
    );
  });

  test.each<[object, string]>([
    [{ message: { size: { min: 3, max: 1 } } }, '"message.size" can never be met'],
    [{ count: { min: 3, max: 1 } }, '"count" can never be met'],
    [{ message: { text: { matches: '' } } }, '"message.text.matches" is empty'],
    [{ message: { text: { matches: '(?:)' } } }, '"message.text.matches" is empty'],
    [{ message: { headers: { '': 'x' } } }, '"message.headers'],
    [{ message: { links: { sauce: 'html' } } }, '"message.links" has an unknown field: "sauce"'],
    [{ message: { to: [{ name: { contains: [''] } }] } }, '"message.to.0.name.contains.0" is empty'],
    [{ q: ' ' }, '"q" is empty'],
    [{ q: 'subject:' }, 'subject: needs a value'],
    [{ q: 'subject:""' }, 'column 9: these quotes are empty'],
    [{ q: '""' }, 'column 1: these quotes are empty'],
  ])('%j is refused', async (body, detail) => {
    await using server = await aServer();
    const { status, json } = await wrong(server, body);
    expect([status, json.detail]).toEqual([400, expect.stringContaining(detail)]);
  });

  test('an empty q of a wait is rejected: probably an unset variable', async () => {
    await using server = await aServer();
    const { status, json } = await server.ask('GET', '/api/messages/wait?q=');
    expect([status, json.detail]).toEqual([400, expect.stringContaining('"q" is empty')]);
  });
});

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly $defs?: Readonly<Record<string, Schema>>;
}

/** For each object in the schema, at any depth: a body in which it is empty, and its name. Lists have one item. */
function emptied(root: Schema): [name: string, body: object][] {
  const found: [string, object][] = [];
  const visit = (schema: Schema, path: readonly string[], wrap: (value: unknown) => object, depth: number) => {
    if (schema.$ref) {
      const target = root.$defs?.[schema.$ref.replace('#/$defs/', '')];
      // A text test may have one in its "not", and so on.
      if (target && depth < 2) visit(target, path, wrap, depth + 1);
    }
    for (const form of schema.anyOf ?? []) visit(form, path, wrap, depth);
    if (schema.items) visit(schema.items, [...path, '0'], (value) => wrap([value]), depth);
    if (schema.type !== 'object') return;
    if (path.length > 0 && !found.some(([name]) => name === path.join('.'))) found.push([path.join('.'), wrap({})]);
    const fields = Object.entries(schema.properties ?? {});
    if (typeof schema.additionalProperties === 'object') fields.push(['x-name', schema.additionalProperties]);
    for (const [name, field] of fields) visit(field, [...path, name], (value) => wrap({ [name]: value }), depth);
  };
  visit(root, [], (value) => value as object, 0);
  return found;
}
