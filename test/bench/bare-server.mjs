/**
 * The ceiling: smtp-server by itself, which collects the octets of each mail and keeps them. Whatever is built on that
 * library and has its mail in memory can at best be as fast. What is kept counts: on some machines memory that has not
 * been used before costs more time than everything else that is done with a large mail.
 *
 * Runs as a child process: sends `{ port }` when it listens, forgets its mail when it is sent `clear`, and answers any
 * other message with the number of mails accepted so far.
 */
import { SMTPServer } from 'smtp-server';
import { SMTPConnection } from 'smtp-server/lib/smtp-connection.js';

// The library waits 100 ms before it greets. Without that, only real work is measured.
if (process.argv[2] !== 'with-greeting-delay') {
  SMTPConnection.prototype.init = function greetAtOnce() {
    this._setListeners(() => this.connectionReady());
  };
}

let accepted = 0;
let mails = [];

const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ['AUTH', 'STARTTLS'],
  disableReverseLookup: true,
  onData(stream, _session, callback) {
    const chunks = [];
    stream.on('data', (chunk) => chunks.push(chunk));
    stream.on('end', () => {
      mails.push(Buffer.concat(chunks));
      accepted++;
      callback(null, 'collected');
    });
  },
});
server.on('error', () => {});
server.listen(0, '127.0.0.1', () => process.send({ port: server.server.address().port }));
process.on('message', (message) => {
  if (message === 'clear') mails = [];
  else process.send({ accepted });
});
process.on('disconnect', () => process.exit());
