/** A command that was refused, for the log. */
export interface Refusal {
  readonly peer: string;
  /** Never holds a secret. */
  readonly command: string;
  readonly reply: string;
}

/** A command as it may stand in a log: what is not known to be harmless may be a password that came out of turn. */
export function nameable(command: Buffer | string): string {
  if (typeof command === 'string') return command;
  const line = command.toString('utf8', 0, 300);
  if (/^(MAIL|RCPT) /i.test(line)) return line;
  const [verb] = /^(EHLO|HELO|AUTH|DATA|RSET|NOOP|QUIT|VRFY|EXPN|HELP|STARTTLS|BDAT)\b/i.exec(line) ?? [];
  return verb?.toUpperCase() ?? 'unknown command';
}
