import { afterAll, beforeAll } from 'vitest';
import type { Sandbox } from '../../client/index.ts';
import { captureBehaviour } from './behaviour/capture.ts';
import { mailBehaviour } from './behaviour/mail.ts';
import { mailboxBehaviour } from './behaviour/mailbox.ts';
import { stage } from './behaviour/stage.ts';
import { waitingBehaviour } from './behaviour/waiting.ts';
import { wholeBehaviour } from './behaviour/whole.ts';

/** The behaviour of every sandbox, wherever it runs. */
export function sandboxBehaviour(open: () => Promise<Sandbox>): void {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await open();
  });
  afterAll(() => sandbox.close());

  const set = stage(() => sandbox, open);
  mailboxBehaviour(set);
  waitingBehaviour(set);
  captureBehaviour(set);
  mailBehaviour(set);
  wholeBehaviour(set);
}
