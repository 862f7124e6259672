const { startSandbox } = require('mailstop');
require('mailstop/jest');
const { reset } = require('./reset.js');

test('a password reset sends a link', async () => {
  expect(await reset()).toBe('https://shop.test/reset?token=4f9a2c');
});

describe('the matchers', () => {
  let sandbox;
  beforeAll(async () => {
    sandbox = await startSandbox({ timeout: 60_000 });
  });
  afterAll(() => sandbox.close());

  test('are there', async () => {
    const raw = 'Subject: Welcome\r\n\r\nhttps://shop.test/start\r\n';
    const mail = await sandbox.deliver({ to: 'ada@shop.test', raw });
    await expect(sandbox).toHaveReceived({ subject: 'Welcome' }, { count: 1 });
    expect(mail).toHaveLink(/start/);
  });
});
