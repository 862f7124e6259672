/**
 * The real ceiling: a `net` server that answers commands by their first letters, looks for the end of the data and
 * keeps nothing. Whatever is built on Node can at best be as fast.
 *
 * Runs as a child process, with the same messages as `bare-server.mjs`.
 */
import { createServer } from 'node:net';

const END = Buffer.from('\r\n.\r\n');
const REPLIES = {
  EHLO: '250-bare\r\n250 PIPELINING\r\n',
  DATA: '354 go ahead\r\n',
  QUIT: '221 bye\r\n',
};

let accepted = 0;

const server = createServer({ noDelay: true }, (socket) => {
  let inData = false;
  /** The last octets of the data so far, and of a command whose end has not come. */
  let tail = Buffer.alloc(0);

  const command = (octets) => {
    const end = octets.indexOf('\n');
    if (end < 0) {
      tail = octets;
      return null;
    }
    const verb = octets.toString('latin1', 0, 4);
    socket.write(REPLIES[verb] ?? '250 ok\r\n');
    if (verb === 'QUIT') socket.end();
    inData = verb === 'DATA';
    tail = Buffer.alloc(0);
    return octets.subarray(end + 1);
  };
  const data = (octets) => {
    const end = octets.indexOf(END);
    if (end < 0) {
      tail = octets.subarray(Math.max(0, octets.length - END.length + 1));
      return null;
    }
    accepted++;
    inData = false;
    tail = Buffer.alloc(0);
    socket.write('250 collected\r\n');
    return octets.subarray(end + END.length);
  };

  socket.on('error', () => {});
  socket.on('data', (chunk) => {
    // The end may be split between two chunks; the chunk itself is not copied for that.
    if (inData && tail.length > 0) {
      const seam = Buffer.concat([tail, chunk.subarray(0, END.length)]);
      if (seam.indexOf(END) >= 0) return take(Buffer.concat([tail, chunk]));
    }
    take(inData || tail.length === 0 ? chunk : Buffer.concat([tail, chunk]));
  });
  const take = (octets) => {
    for (let rest = octets; rest !== null && rest.length > 0; ) rest = inData ? data(rest) : command(rest);
  };
  socket.write('220 bare\r\n');
});
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
process.on('message', (message) => {
  if (message !== 'clear') process.send({ accepted });
});
process.on('disconnect', () => process.exit());
