import { z } from 'zod';
import { similar } from '../../../wire/similar.ts';

type RawIssue = Parameters<z.core.$ZodErrorMap>[0];

const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  int: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  null: 'null',
};

/**
 * The error text for a schema that has none of its own. If it begins with "expected", the value is appended; otherwise
 * it is a statement about the value.
 */
export function faultText(issue: RawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${issue.inst instanceof z.ZodNumberFormat ? TYPES['int'] : typeName(issue.expected)}`;
    case 'invalid_value':
      return `expected ${listed(issue.values.map((value) => JSON.stringify(value)))}`;
    case 'too_small':
      return `expected at least ${amount(issue.minimum, issue.origin)}`;
    case 'too_big':
      return `expected at most ${amount(issue.maximum, issue.origin)}`;
    case 'unrecognized_keys':
      return unknownFields(issue.keys, fieldsOf(issue.inst));
    case 'invalid_union':
      return `expected ${listed([...new Set(issue.errors.flatMap(formsIn))])}`;
    default:
      return undefined;
  }
}

function typeName(expected: string): string {
  return TYPES[expected] ?? expected;
}

/** The forms of a union that the value does not resemble at all. */
function formsIn(issues: readonly z.core.$ZodIssue[]): readonly string[] {
  return issues.flatMap((issue) => {
    if (issue.path.length > 0) return [];
    if (issue.code === 'invalid_union') return issue.errors.flatMap(formsIn);
    if (issue.code === 'invalid_value') return issue.values.map((value) => JSON.stringify(value));
    return issue.code === 'invalid_type' ? [typeName(issue.expected)] : [];
  });
}

function amount(limit: number | bigint, origin: string): string {
  const unit = { string: 'character', array: 'entry' }[origin];
  if (unit === undefined) return String(limit);
  if (limit === 1) return `1 ${unit}`;
  return `${limit} ${unit === 'entry' ? 'entries' : 'characters'}`;
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

function fieldsOf(schema: unknown): readonly string[] {
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

function unknownFields(keys: readonly string[], known: readonly string[]): string {
  const what = keys.length === 1 ? 'an unknown field' : 'unknown fields';
  const all = known.length === 0 ? '' : `; there are ${known.join(', ')}`;
  return `has ${what}: ${keys.map((key) => unknownField(key, known)).join(', ')}${all}`;
}

function unknownField(key: string, known: readonly string[]): string {
  const meant = similar(key, known);
  return `"${key}"${meant === null ? '' : ` (did you mean "${meant}"?)`}`;
}
