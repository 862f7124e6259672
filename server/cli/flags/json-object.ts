import { readFileSync } from 'node:fs';
import { MailstopError, reasonOf } from '../../../wire/errors.ts';
import { type Given, type Kind, refuse } from '../../config/flag.ts';

/** A JSON object, or `@file` to read it from a file. */
export const jsonObject: Kind<Readonly<Record<string, unknown>>> = {
  placeholder: '<json>',
  parse: (given) => {
    const text = given[1].startsWith('@') ? textOf(given) : given[1];
    const value = parsed(given, text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
    return refuse(given, 'a JSON object like {"subject": "Welcome"}');
  },
  show: (value) => (value === null ? '' : JSON.stringify(value)),
};

function textOf([name, path]: Given): string {
  try {
    return readFileSync(path.slice(1), 'utf8');
  } catch (error) {
    throw new MailstopError('bad-config', `${name} cannot be read from ${path.slice(1)}: ${reasonOf(error)}`, {
      cause: error,
    });
  }
}

function parsed(given: Given, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    return refuse(given, `JSON (${reasonOf(error)})`);
  }
}
