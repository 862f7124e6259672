#!/usr/bin/env node
/**
 * A program that takes the arguments of Mailpit which the bench gives, and answers what the bench asks of it. Like
 * any peer it is a process of its own.
 */
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import { SMTPServer } from 'smtp-server';

const { values } = parseArgs({
  options: {
    smtp: { type: 'string' },
    listen: { type: 'string' },
    'smtp-disable-rdns': { type: 'boolean' },
    max: { type: 'string' },
    quiet: { type: 'boolean' },
  },
});

let held = 0;
const smtp = new SMTPServer({
  authOptional: true,
  disableReverseLookup: true,
  onData(stream, _session, callback) {
    stream.resume();
    stream.on('end', () => {
      held++;
      callback(null, 'held');
    });
  },
});
smtp.on('error', () => {});
const http = createServer((request, response) => {
  const found = /^\/api\/v1\/messages(\?|$)/.test(request.url);
  if (found && request.method === 'DELETE') held = 0;
  response.writeHead(found ? 200 : 404).end(JSON.stringify({ total: held }));
});

const port = (address) => Number(address.split(':').at(-1));
http.listen(port(values.listen), '127.0.0.1', () => smtp.listen(port(values.smtp), '127.0.0.1'));
