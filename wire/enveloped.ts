/**
 * The type of a mail that brings its envelope along: one line of JSON, `{"from": "...", "to": ["..."]}`, and after the
 * LF the octets of the mail. For envelopes of any size; one in a URL can have about 16 KiB.
 */
export const ENVELOPED = 'application/vnd.mailstop.mail';
