import { SMTPServer } from 'smtp-server';
import { SMTPConnection } from 'smtp-server/lib/smtp-connection';
import { SMTPStream } from 'smtp-server/lib/smtp-stream';
import { MailstopError } from '../../wire/errors.ts';

/*
 * The undocumented members of smtp-server that this folder relies on. mailparser needs no such list: only its
 * documented interface is used. If a member were renamed, mail could be rejected, or its text read as commands.
 */

interface Relied {
  readonly library: abstract new (...args: never[]) => object;
  /** Called by us, or overridden by our methods. */
  readonly methods: readonly string[];
  /** Set by the library's code. */
  readonly fields: readonly string[];
}

const MEMBERS: Readonly<Record<string, Relied>> = {
  SMTPServer: {
    library: SMTPServer,
    methods: ['connect', 'updateSecureContext', '_handleProxy', '_upgrade'],
    fields: ['connections', 'server', 'secureContext', '_pendingSockets', '_closeTimeout'],
  },
  SMTPConnection: {
    library: SMTPConnection,
    methods: [
      'init',
      'send',
      'close',
      'upgrade',
      'connectionReady',
      'handler_EHLO',
      'handler_HELO',
      'handler_MAIL',
      'handler_RCPT',
      'handler_DATA',
      'handler_QUIT',
      'handler_STARTTLS',
      '_armTimeout',
      '_createParser',
      '_getEnhancedStatusCode',
      '_onClose',
      '_onCommand',
      '_onError',
      '_resetSession',
      '_setListeners',
      '_whenWritable',
    ],
    fields: [
      'hostNameAppearsAs',
      'openingCommand',
      'secure',
      'session',
      '_handlerPending',
      '_nextHandler',
      '_parser',
      '_ready',
      '_server',
      '_socket',
      '_unrecognizedCommands',
      '_upgrading',
    ],
  },
  SMTPStream: {
    library: SMTPStream,
    methods: ['_feedDataStream', '_write'],
    fields: ['isClosed', 'oncommand', '_dataMode'],
  },
};

/** Every member, as `SMTPConnection._onCommand`. */
export const reliedOn: readonly string[] = Object.entries(MEMBERS).flatMap(([name, { methods, fields }]) =>
  [...methods, ...fields].map((member) => `${name}.${member}`),
);

/** @throws {MailstopError} `cannot-listen`, naming the first missing member */
export function checkMembers(): void {
  for (const [name, { library, methods, fields }] of Object.entries(MEMBERS)) {
    const source = String(library);
    const missing =
      // Of its own: Node's streams have some of the same name.
      methods.find((method) => !Object.hasOwn(library.prototype, method)) ??
      fields.find((field) => !new RegExp(`\\bthis\\.${field}\\b`).test(source));
    if (missing === undefined) continue;
    throw new MailstopError(
      'cannot-listen',
      `SMTP cannot start: smtp-server has no ${name}.${missing}, which this Mailstop relies on. Install Mailstop as it was published, with the libraries that it contains.`,
    );
  }
}
