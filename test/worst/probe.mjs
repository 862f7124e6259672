// Loaded into a server before all else: tells its parent how long, in CPU time, one turn of the event loop held the main
// thread at most. A busy machine makes a turn long, but not its CPU time.
import { readFileSync } from 'node:fs';

const STAT = `/proc/self/task/${process.pid}/schedstat`;
const cpu = () => Number(readFileSync(STAT, 'latin1').split(' ')[0]) / 1e6;

let measuring = false;
let last = 0;
let worst = 0;

function turn() {
  const now = cpu();
  worst = Math.max(worst, now - last);
  last = now;
  if (measuring) setImmediate(turn);
}

process.on('message', (message) => {
  if (message === 'begin') {
    globalThis.gc?.();
    [measuring, worst, last] = [true, 0, cpu()];
    setImmediate(turn);
  } else if (message === 'end') {
    measuring = false;
    turn();
    process.send?.({ worst });
  }
});
process.channel?.unref();
// However the tests end, this server does, too.
process.once('disconnect', () => process.exit());
