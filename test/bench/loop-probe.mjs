/**
 * Loaded into a server under measurement: how late its event loop is. Every few milliseconds something is due; how
 * many milliseconds later the loop came to it is the delay of whatever would have arrived at that moment. A loop that
 * is held up for long is late for all that was due meanwhile, so each of these counts. Any message is answered with
 * the delays since the last one.
 */
const STEP_MS = 5;

let delays = [];
let due = performance.now() + STEP_MS;

function look() {
  const now = performance.now();
  for (; due <= now; due += STEP_MS) delays.push(now - due);
  setTimeout(look, due - now).unref();
}
look();

process.on('message', () => {
  process.send({ delays });
  delays = [];
});
// The server ends when it has nothing more to do, as it would without this.
process.channel.unref();
