/** A reply to an SMTP command: its code, its enhanced status code (RFC 3463) and its text. */
export interface Reply {
  readonly code: number;
  readonly status: string;
  readonly text: string;
}

export const BAD_SENDER = '5.1.7';
export const BAD_RECIPIENT = '5.1.3';
export const BAD_PARAMETER = '5.5.4';

export function tooLarge(maxOctets: number): Reply {
  return { code: 552, status: '5.3.4', text: `The mail is too large: at most ${maxOctets} octets are accepted` };
}

export const tooManyRecipients = (max: number): Reply => ({
  code: 452,
  status: '4.5.3',
  text: `Too many recipients: at most ${max} in one mail are accepted`,
});

export const noMail: Reply = { code: 503, status: '5.5.1', text: 'Send MAIL first' };
export const noRecipient: Reply = { code: 503, status: '5.5.1', text: 'Send RCPT first' };
export const nestedMail: Reply = {
  code: 503,
  status: '5.5.1',
  text: 'A mail has already begun: send DATA or RSET first',
};
export const senderOk: Reply = { code: 250, status: '2.1.0', text: 'Ok' };
export const recipientOk: Reply = { code: 250, status: '2.1.5', text: 'Ok' };
export const shuttingDown: Reply = { code: 421, status: '4.3.2', text: 'Mailstop is shutting down' };
export const waitedTooLong: Reply = { code: 421, status: '4.4.2', text: 'Waited too long' };
export const notHttp: Reply = { code: 421, status: '5.5.1', text: 'This is SMTP, not HTTP' };
export const tlsIsOff: Reply = { code: 502, status: '5.5.1', text: 'STARTTLS is off; start with --tls auto' };

export function lineTooLong(maxOctets: number): Reply {
  return { code: 421, status: '5.5.2', text: `The line is too long: at most ${maxOctets} octets are accepted` };
}

export const tooManyConnections: Reply = { code: 421, status: '4.3.2', text: 'Too many connections' };

/**
 * Formats a reply for the wire (RFC 5321 §4.2.1), with the enhanced status code on each line (RFC 2034 §4).
 * @param status empty for none
 */
export function format(code: number, status: string, lines: readonly string[]): string {
  const [only = ''] = lines;
  // Most replies are one plain line.
  if (lines.length === 1 && only.length <= 400 && /^[\x20-\x7e]*$/.test(only)) {
    return status === '' ? `${code} ${only}\r\n` : `${code} ${status} ${only}\r\n`;
  }
  return lines
    .map((line, index) => {
      const start = `${code}${index < lines.length - 1 ? '-' : ' '}`;
      const text = status === '' ? line : `${status} ${line}`;
      // The text may quote the client: remove line ends, and keep to the line limit (§4.5.3.1.5).
      return `${start}${text.replace(/[\x00-\x1f\x7f-\x9f]/g, ' ').slice(0, 500)}\r\n`;
    })
    .join('');
}
