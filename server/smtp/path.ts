import { isUtf8 } from 'node:buffer';
import { isIP } from 'node:net';
import { type Warning, warning } from '../../wire/warning.ts';
import type { EnvelopePath, EsmtpParameters } from '../message/message.ts';
import { readParameters, type Verb } from './parameters.ts';
import { BAD_PARAMETER, BAD_RECIPIENT, BAD_SENDER, type Reply } from './reply.ts';

export type PathCommand =
  | { readonly kind: 'path'; readonly path: EnvelopePath; readonly warnings: readonly Warning[] }
  | { readonly kind: 'refused'; readonly reply: Reply };

/** An address as written in the command, and what follows it. */
interface Cut {
  readonly address: string;
  readonly rest: string;
  readonly warnings: readonly Warning[];
}

const SYNTAX: Readonly<Record<Verb, string>> = { MAIL: 'MAIL FROM:<address>', RCPT: 'RCPT TO:<address>' };

/**
 * Reads `MAIL FROM:<...>` or `RCPT TO:<...>` with its parameters (RFC 5321 §4.1.1.2, §4.1.1.3, §4.1.2).
 *
 * The address is kept as written. Common client mistakes are accepted with a warning for the developer; anything that
 * can't be told from an injection is rejected. Never throws.
 */
export function readPathCommand(verb: Verb, line: Buffer): PathCommand {
  const usual = readUsual(verb, line);
  if (usual !== null) return { kind: 'path', path: { address: usual, parameters: NONE }, warnings: [] };
  const text = line.toString(isUtf8(line) ? 'utf8' : 'latin1');
  const refuse = (code: number, status: string, reason: string): PathCommand => ({
    kind: 'refused',
    reply: { code, status, text: reason },
  });
  const badAddress = verb === 'MAIL' ? BAD_SENDER : BAD_RECIPIENT;

  const pattern = verb === 'MAIL' ? /^MAIL\s+FROM(\s*):(\s*)(.*)$/is : /^RCPT\s+TO(\s*):(\s*)(.*)$/is;
  const [, before = '', after = '', argument] = pattern.exec(text.trim()) ?? [];
  if (argument === undefined) return refuse(501, BAD_PARAMETER, `Expected ${SYNTAX[verb]}`);
  // Whatever an address with these characters means, it would end up in a reply, a log or someone else's header.
  if (/[\x00-\x08\x0a-\x1f\x7f-\x9f]/.test(argument))
    return refuse(501, badAddress, 'The address or a parameter holds control characters');

  const cut = argument.startsWith('<') ? cutBracketed(argument) : cutBare(argument);
  if (cut === null || cut.address.includes('\t')) return refuse(501, badAddress, `Expected ${SYNTAX[verb]}`);
  const { address, warnings: routed } = withoutRoute(cut.address);
  const problem = addressProblem(verb, address);
  if (problem !== null) return refuse(501, badAddress, problem);

  const parameters = readParameters(verb, cut.rest.split(/[ \t]+/).filter(Boolean));
  if (parameters.kind === 'refused') return parameters;
  const warnings = [...cut.warnings, ...routed, ...addressWarnings(verb, address), ...parameters.warnings];
  if (before !== '' || after !== '')
    warnings.unshift(warning('address-syntax', `${verb} has white space around its colon; write ${SYNTAX[verb]}.`));
  if (!isUtf8(line))
    warnings.push(
      warning('address-charset', `${verb} has an address that is neither ASCII nor UTF-8; it was read as Latin-1.`),
    );
  return { kind: 'path', path: { address, parameters: parameters.parameters }, warnings };
}

const NONE: EsmtpParameters = Object.freeze({});

/** What nearly all clients send: just a plain address that needs no warning. */
const USUAL = /^(?:MAIL FROM|RCPT TO):<[\w+-]+(?:\.[\w+-]+)*@[a-z0-9]+(?:[.-][a-z0-9]+)*>$/i;
/** An address this short has no part that is too long. */
const USUAL_LENGTH = 74;

/** @returns the address, or null if the command needs a closer look */
function readUsual(verb: Verb, line: Buffer): string | null {
  if (line.length > USUAL_LENGTH || !USUAL.test(line.toString('latin1'))) return null;
  // Taken from the line: a substring would keep the whole string in memory.
  return line.toString('latin1', verb === 'MAIL' ? 'MAIL FROM:<'.length : 'RCPT TO:<'.length, line.length - 1);
}

/** @returns null if there is no closing bracket, or something other than a space follows it */
function cutBracketed(argument: string): Cut | null {
  const warnings: Warning[] = [];
  // A closing bracket inside a quoted string is part of the address (RFC 5321 §4.1.2).
  let [whole, inner] = /^<((?:[^<>"\\]|\\.|"(?:[^"\\]|\\.)*")*)>/s.exec(argument) ?? [];
  if (whole === undefined || inner === undefined) {
    [whole, inner] = /^<([^<>]*)>/s.exec(argument) ?? [];
    if (whole === undefined || inner === undefined) return null;
    warnings.push(warning('address-syntax', `The address <${inner}> has an unpaired quote or backslash.`));
  }
  const rest = argument.slice(whole.length);
  if (rest !== '' && !/^[ \t]/.test(rest)) return null;
  const address = inner.trim();
  if (address !== inner)
    warnings.push(warning('address-syntax', `The address <${inner}> has white space inside its brackets.`));
  return { address, rest, warnings };
}

function cutBare(argument: string): Cut | null {
  const [address] = /^(?:[^<>"\s]|"[^"]*")+/.exec(argument) ?? [];
  const rest = argument.slice(address?.length);
  if (address === undefined || (rest !== '' && !/^[ \t]+[^<]/.test(rest))) return null;
  const text = `The address ${address} came without angle brackets; write <${address}>.`;
  return { address, rest, warnings: [warning('address-syntax', text)] };
}

/** Source routes must be accepted and ignored (RFC 5321 §4.1.1.3, appendix C). */
function withoutRoute(address: string): { address: string; warnings: readonly Warning[] } {
  const [route] = /^@[^\s,:@"]+(,@[^\s,:@"]+)*:/.exec(address) ?? [];
  if (route === undefined) return { address, warnings: [] };
  return {
    address: address.slice(route.length),
    warnings: [warning('source-route', `The source route ${route} was ignored (RFC 5321 appendix C).`)],
  };
}

/** Why an address is invalid, or null. */
function addressProblem(verb: Verb, address: string): string | null {
  if (address === '') return verb === 'MAIL' ? null : 'RCPT needs an address';
  const at = address.lastIndexOf('@');
  if (at === 0) return `The address <${address}> has nothing before its @`;
  if (at === address.length - 1) return `The address <${address}> has nothing after its @`;
  return null;
}

/** What other servers may reject. */
function addressWarnings(verb: Verb, address: string): Warning[] {
  if (address === '' || (verb === 'RCPT' && address.toLowerCase() === 'postmaster')) return [];
  const at = address.lastIndexOf('@');
  if (at < 0) return [warning('no-domain', `The address <${address}> has no domain.`)];
  const local = address.slice(0, at);
  const domain = address.slice(at + 1);
  const warnings: Warning[] = [];
  const warn = (what: string, code: 'address-syntax' | 'address-too-long' = 'address-syntax') =>
    warnings.push(warning(code, `The address <${address}> ${what}.`));
  const isQuoted = /^"(?:[^"\\]|\\[ -~])*"$/.test(local);
  if (isQuoted) {
    // Anything may be in the quotes (RFC 5321 §4.1.2).
  } else if (/[\s"(),:;<>@[\]\\]/.test(local)) warn('has characters before its @ that need quotes');
  else if (/^\.|\.\.|\.$/.test(local)) warn('has a misplaced dot before its @');
  if (Buffer.byteLength(local) > 64)
    warn('has more than 64 octets before its @ (RFC 5321 §4.5.3.1.1)', 'address-too-long');
  if (Buffer.byteLength(domain) > 255)
    warn('has more than 255 octets after its @ (RFC 5321 §4.5.3.1.2)', 'address-too-long');
  if (!isHost(domain)) warn('has a domain that is not a host name');
  return warnings;
}

/** A domain or an address literal (RFC 5321 §4.1.3); names not yet in punycode count too (RFC 6531 §3.3). */
function isHost(domain: string): boolean {
  if (domain.startsWith('[') && domain.endsWith(']')) {
    const literal = domain.slice(1, -1);
    // IPv6 is the only registered tag.
    return /^IPv6:/i.test(literal) ? isIP(literal.slice('IPv6:'.length)) === 6 : isIP(literal) === 4;
  }
  return domain
    .split('.')
    .every((label) => /^(?:[\p{L}\p{M}\p{N}-]|\p{Join_Control})+$/u.test(label) && !/^-|-$/.test(label));
}
