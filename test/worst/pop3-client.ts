import { connect } from 'node:net';
import { sendAll } from './smtp-client.ts';

/** Deletes the first mails of a mailbox, without waiting for answers. @returns how many commands were done after the login */
export async function deleteByPop3(port: number, mailbox: string, mails: number): Promise<number> {
  const deletions = Array.from({ length: mails }, (_, i) => `DELE ${i + 1}`);
  let answer = '';
  const commands = [`USER ${mailbox}`, 'PASS x', ...deletions, 'QUIT'].map((command) => `${command}\r\n`);
  await sendAll(port, [commands.join('')], (data) => {
    answer += data.toString('latin1');
  });
  return answer.split('\r\n').filter((line) => line.startsWith('+OK')).length - 3;
}

/** Fetches the first mail, once in whole and once its beginning. @returns how many octets came in all */
export function octetsFromPop3(port: number): Promise<number> {
  const commands = ['USER all', 'PASS x', 'LIST', 'TOP 1 5', 'RETR 1', 'QUIT'];
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let octets = 0;
    let end = '';
    let terminator = '\r\n';
    socket.on('data', (chunk) => {
      octets += chunk.length;
      end = (end + chunk.toString('latin1', Math.max(0, chunk.length - 10))).slice(-10);
      if (!end.endsWith(terminator)) return;
      const command = commands.shift();
      if (command === undefined) return;
      terminator = /^(LIST|TOP|RETR)/.test(command) ? '\r\n.\r\n' : '\r\n';
      end = '';
      socket.write(`${command}\r\n`);
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(octets));
  });
}
