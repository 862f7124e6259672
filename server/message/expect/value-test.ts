import type { AddressTest, NumberTest, TextTest } from '../../../wire/tests.ts';
import type { Address } from '../message.ts';
import { quoted } from '../query/explain.ts';
import { fold, termTest } from '../query/term.ts';

export function isText(test: TextTest, actual: string | null): boolean {
  if (test === null) return actual === null;
  if (typeof test === 'string') return actual !== null && actual.trimEnd() === test.trimEnd();
  if (test.not !== undefined && isText(test.not, actual)) return false;
  if (test.equals === undefined && test.contains === undefined && test.matches === undefined) return true;
  if (actual === null) return false;
  const parts = test.contains === undefined ? [] : typeof test.contains === 'string' ? [test.contains] : test.contains;
  return (
    (test.equals === undefined || actual.trimEnd() === test.equals.trimEnd()) &&
    parts.every((part) => fold(actual).includes(fold(part))) &&
    (test.matches === undefined || termTest({ regex: test.matches }).holds(actual))
  );
}

/** What a test asks for, in words; of several parts only those that `actual` lacks. */
export function textTest(test: TextTest, actual: string | null = null): string {
  if (test === null) return 'to be absent';
  if (typeof test === 'string') return quoted(test);
  const all = typeof test.contains === 'string' ? [test.contains] : (test.contains ?? []);
  const missing = all.filter((part) => actual === null || !fold(actual).includes(fold(part)));
  const parts = missing.length > 0 ? missing : all;
  return [
    ...(test.equals === undefined ? [] : [quoted(test.equals)]),
    ...parts.map((part) => `to contain ${quoted(part)}`),
    ...(test.matches === undefined ? [] : [`to match /${test.matches}/`]),
    ...(test.not === undefined ? [] : [`not ${textTest(test.not)}`]),
  ].join(' and ');
}

export function isNumber(test: NumberTest, actual: number): boolean {
  if (typeof test === 'number') return actual === test;
  return actual >= (test.min ?? Number.NEGATIVE_INFINITY) && actual <= (test.max ?? Number.POSITIVE_INFINITY);
}

export function numberTest(test: NumberTest): string {
  if (typeof test === 'number') return String(test);
  return [
    ...(test.min === undefined ? [] : [`at least ${test.min}`]),
    ...(test.max === undefined ? [] : [`at most ${test.max}`]),
  ].join(' and ');
}

function isParts(test: AddressTest): test is { readonly name?: TextTest; readonly address?: TextTest } {
  return typeof test === 'object' && test !== null && ('name' in test || 'address' in test);
}

export function isAddress(test: AddressTest, actual: Address | null): boolean {
  if (actual === null) return test === null;
  if (typeof test === 'string') return fold(actual.address) === fold(test);
  if (!isParts(test)) return isText(test, addressText(actual));
  return (
    (test.name === undefined || isText(test.name, actual.name)) &&
    (test.address === undefined || isText(test.address, actual.address))
  );
}

export function addressTest(test: AddressTest): string {
  if (!isParts(test)) return textTest(test);
  return [
    ...(test.name === undefined ? [] : [`name ${textTest(test.name)}`]),
    ...(test.address === undefined ? [] : [`address ${textTest(test.address)}`]),
  ].join(' and ');
}

export function addressText({ name, address }: Address): string {
  return name === '' ? address : `${name} <${address}>`;
}
