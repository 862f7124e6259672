import { expect, test } from 'vitest';
import { hostPort, reachable, snippetsFor } from '../../ui/src/connect/snippets.ts';
import { addressQuery, usernameQuery } from '../../ui/src/inbox/search/mailbox-query.ts';

test('every snippet names the real host and port', () => {
  const snippets = snippetsFor({ host: '127.0.0.9', port: 54321 });
  expect(snippets.map(({ name }) => name)).toEqual([
    'Nodemailer',
    'Django',
    'Rails',
    'Laravel',
    'Spring Boot',
    'Go',
    'curl',
  ]);
  for (const { code } of snippets) {
    expect(code).toContain('127.0.0.9');
    expect(code).toContain('54321');
    expect(code).not.toMatch(/undefined|null,|\$\{/);
  }
});

test('an IPv6 address has brackets before a port, and none elsewhere', () => {
  const code = Object.fromEntries(snippetsFor({ host: '::1', port: 1025 }).map(({ name, code }) => [name, code]));
  expect(code['Go']).toContain('"[::1]:1025"');
  expect(code['curl']).toContain('smtp://[::1]:1025');
  expect(code['Nodemailer']).toContain("host: '::1'");
  expect(hostPort({ host: '127.0.0.1', port: 25 })).toBe('127.0.0.1:25');
});

test('if bound to all addresses, it is reached at the host of the page', () => {
  expect(reachable({ host: '0.0.0.0', port: 1025 }, 'mailstop')).toEqual({ host: 'mailstop', port: 1025 });
  expect(reachable({ host: '::', port: 1025 }, '[::1]')).toEqual({ host: '::1', port: 1025 });
  expect(reachable({ host: '127.0.0.1', port: 1025 }, 'localhost')).toEqual({ host: '127.0.0.1', port: 1025 });
});

test('a mailbox is a query, whatever its name', () => {
  expect(addressQuery('ada@example.org')).toBe('rcpt:"ada@example.org"');
  expect(usernameQuery('a "b" \\c')).toBe('user:"a \\"b\\" \\\\c"');
});
