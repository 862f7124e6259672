/** What /usr/sbin/sendmail was called to do. */
export type SendmailCall =
  | {
      readonly do: 'send';
      /** Envelope sender; null for the caller. */
      readonly from: string | null;
      readonly fullName: string | null;
      /** Also read recipients from the headers (`-t`). */
      readonly fromHeaders: boolean;
      /** A line with a single dot ends the mail; not with `-i`. */
      readonly endsAtDot: boolean;
      readonly recipients: readonly string[];
      readonly where: Where;
    }
  /** SMTP over stdin and stdout. */
  | { readonly do: 'smtp'; readonly where: Where }
  | { readonly do: 'help' | 'nothing' | 'list-queue' }
  | { readonly do: 'refuse'; readonly reason: string };

/** Where Mailstop is, if the arguments say so. */
export interface Where {
  readonly url?: string;
  readonly smtp?: string;
}

/** Flags with a value, attached or as the next argument. */
const WITH_VALUE = 'ABbCDeFfhLMNOopRrVX';
/** Flags whose value, if any, is attached. */
const WITH_SUFFIX = 'dq';

/**
 * Parses the arguments as sendmail does: letters may be combined (`-ti`), and many flags that mean nothing here, such
 * as delivery mode and error reporting, are accepted and ignored.
 */
export function readSendmailArguments(args: readonly string[]): SendmailCall {
  const rest = [...args];
  const recipients: string[] = [];
  const where: { url?: string; smtp?: string } = {};
  let [from, fullName, mode]: [string | null, string | null, string] = [null, null, 'm'];
  let [fromHeaders, endsAtDot] = [false, true];

  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    if (arg === '--help') return { do: 'help' };
    if (arg === '--') {
      recipients.push(...rest.splice(0));
      continue;
    }
    const [, name, attached] = /^--(url|smtp)(?:=(.*))?$/s.exec(arg) ?? [];
    if (name === 'url' || name === 'smtp') {
      const value = attached ?? rest.shift();
      if (value === undefined) return { do: 'refuse', reason: `--${name} needs a value` };
      where[name] = value;
      continue;
    }
    if (!arg.startsWith('-') || arg === '-') {
      recipients.push(arg);
      continue;
    }
    for (let at = 1; at < arg.length; at++) {
      const flag = arg.charAt(at);
      if (WITH_SUFFIX.includes(flag)) {
        if (flag === 'q') mode = 'q';
        break;
      }
      if (!WITH_VALUE.includes(flag)) {
        // Unknown flags are accepted too: a caller must not fail because of a flag that means nothing here.
        if (flag === 't') fromHeaders = true;
        if (flag === 'i') endsAtDot = false;
        if (flag === 'I') mode = 'i';
        continue;
      }
      const value = arg.slice(at + 1) || rest.shift();
      if (value === undefined && !'fr'.includes(flag)) return { do: 'refuse', reason: `-${flag} needs a value` };
      if (flag === 'f' || flag === 'r') from = value ?? '';
      if (flag === 'F') fullName = value ?? '';
      if (flag === 'b') mode = value ?? '';
      if ((flag === 'o' && value === 'i') || (flag === 'O' && /^IgnoreDots(=true)?$/i.test(value ?? '')))
        endsAtDot = false;
      break;
    }
  }

  switch (mode) {
    case 'm':
      if (recipients.length === 0 && !fromHeaders) {
        return { do: 'refuse', reason: 'no recipients: give some, or -t to take them from the headers' };
      }
      return { do: 'send', from, fullName, fromHeaders, endsAtDot, recipients, where };
    case 's':
      return { do: 'smtp', where };
    case 'p':
      return { do: 'list-queue' };
    // There is no queue to run and no alias database to rebuild.
    case 'q':
    case 'i':
      return { do: 'nothing' };
    default:
      return {
        do: 'refuse',
        reason: `-b${mode} is not supported by Mailstop's sendmail: expected -bm, -bs, -bp or -bi`,
      };
  }
}
