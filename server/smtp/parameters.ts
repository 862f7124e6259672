import { type Warning, warning } from '../../wire/warning.ts';
import type { EsmtpParameters } from '../message/message.ts';
import { BAD_PARAMETER, type Reply } from './reply.ts';

export type Verb = 'MAIL' | 'RCPT';

interface Rule {
  readonly verb: Verb;
  /** Null if the keyword takes no value. */
  readonly value: RegExp | null;
  readonly expected: string;
}

/** The parameters of the extensions we offer, and the syntax of their values. */
const rules: Readonly<Record<string, Rule>> = {
  /** RFC 1870 §3 */
  SIZE: { verb: 'MAIL', value: /^[0-9]{1,20}$/, expected: 'a number of octets' },
  /** RFC 6152 §2 */
  BODY: { verb: 'MAIL', value: /^(7BIT|8BITMIME)$/i, expected: '7BIT or 8BITMIME' },
  /** RFC 6531 §3.4 */
  SMTPUTF8: { verb: 'MAIL', value: null, expected: 'no value' },
  /** RFC 4954 §5 */
  AUTH: { verb: 'MAIL', value: /^.+$/, expected: 'an address or <>' },
  /** RFC 3461 §4.3 */
  RET: { verb: 'MAIL', value: /^(FULL|HDRS)$/i, expected: 'FULL or HDRS' },
  /** RFC 3461 §4.4 */
  ENVID: { verb: 'MAIL', value: /^.{1,100}$/, expected: 'up to 100 characters' },
  /** RFC 3461 §4.1 */
  NOTIFY: {
    verb: 'RCPT',
    value: /^(NEVER|(SUCCESS|FAILURE|DELAY)(,(SUCCESS|FAILURE|DELAY))*)$/i,
    expected: 'NEVER or a list of SUCCESS, FAILURE, DELAY',
  },
  /** RFC 3461 §4.2 */
  ORCPT: { verb: 'RCPT', value: /^[^;]+;.+$/, expected: 'an address type, a semicolon and an address' },
};

export type Parameters =
  | { readonly kind: 'parameters'; readonly parameters: EsmtpParameters; readonly warnings: readonly Warning[] }
  | { readonly kind: 'refused'; readonly reply: Reply };

/**
 * Reads what follows the address in MAIL or RCPT. Keywords are returned in upper case, values as sent.
 * @param words the words, each `KEYWORD` or `KEYWORD=value` (RFC 5321 §4.1.2)
 */
export function readParameters(verb: Verb, words: readonly string[]): Parameters {
  const parameters: Record<string, string | true> = {};
  const warnings: Warning[] = [];
  for (const word of words) {
    const [, name = '', equals, value = ''] = /^([^=]*)(=)?(.*)$/s.exec(word) ?? [];
    const keyword = name.toUpperCase();
    if (!/^[A-Z0-9][A-Z0-9-]*$/.test(keyword))
      return refuse(`"${word}" is not a parameter, expected KEYWORD or KEYWORD=value`);
    if (Object.hasOwn(parameters, keyword)) return refuse(`Parameter ${keyword} was given twice`);
    const rule = Object.hasOwn(rules, keyword) ? rules[keyword] : undefined;
    if (rule?.verb !== verb)
      warnings.push(
        warning(
          'unknown-parameter',
          `The parameter ${keyword} of ${verb} belongs to an extension that was not offered; other servers answer 555.`,
        ),
      );
    else if (rule.value === null ? equals !== undefined : !rule.value.test(value))
      return refuse(`Parameter ${keyword} is "${value}", expected ${rule.expected}`);
    parameters[keyword] = equals === undefined ? true : value;
  }
  return { kind: 'parameters', parameters, warnings };
}

function refuse(text: string): Parameters {
  return { kind: 'refused', reply: { code: 501, status: BAD_PARAMETER, text } };
}

const COMMANDS = /^(?:EHLO|HELO|MAIL|RCPT|DATA|RSET|NOOP|QUIT|VRFY|EXPN|HELP|STARTTLS|BDAT)\b/i;
const MECHANISM = /^AUTH +(?:PLAIN|LOGIN|CRAM-MD5|XOAUTH2|OAUTHBEARER|EXTERNAL|SCRAM-\S{1,20})\b/i;

/** A command for the transcript of a session, without anything that is or may be a secret. */
export function masked(command: Buffer): string {
  const line = command.toString('utf8', 0, 1100);
  if (COMMANDS.test(line)) return line;
  if (/^AUTH\b/i.test(line)) {
    const mechanism = MECHANISM.exec(line)?.[0] ?? 'AUTH';
    return mechanism.length === line.length ? line : `${mechanism} [credentials]`;
  }
  return `[unknown command of ${command.length} octets]`;
}

/** The address in a MAIL or RCPT command, even if it is not a valid one; null when there is none. */
export function addressIn(command: Buffer): string | null {
  const [, path, bare] = /:\s*(?:<([^>]{0,320})>|(\S{1,320}))/.exec(command.toString('utf8', 0, 400)) ?? [];
  return path ?? bare ?? null;
}

/** A command for the log. Anything not known to be harmless is left out: it may be a password sent out of turn. */
export function nameable(command: Buffer | string): string {
  if (typeof command === 'string') return command;
  const line = command.toString('utf8', 0, 300);
  if (/^(MAIL|RCPT) /i.test(line)) return line;
  const [verb] = /^(EHLO|HELO|AUTH|DATA|RSET|NOOP|QUIT|VRFY|EXPN|HELP|STARTTLS|BDAT)\b/i.exec(line) ?? [];
  return verb?.toUpperCase() ?? 'unknown command';
}
