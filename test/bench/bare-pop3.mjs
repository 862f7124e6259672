/**
 * The ceiling of RETR: a server that says +OK to everything, and answers RETR with one prepared mail, written at once.
 * Runs as a child process, with the size of the mail in octets as its argument; sends `{ port }` when it listens.
 */
import { createServer } from 'node:net';

const ok = Buffer.from('+OK\r\n');
const line = 'Hello Ada, your order has left us and is on its way to you.\r\n';
const mail = Buffer.from(`+OK\r\n${line.repeat(Math.ceil(Number(process.argv[2]) / line.length))}.\r\n`);

const server = createServer({ noDelay: true }, (socket) => {
  socket.on('error', () => {});
  socket.on('data', (command) => socket.write(command.toString('latin1', 0, 4) === 'RETR' ? mail : ok));
  socket.write(ok);
});
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
process.on('disconnect', () => process.exit());
