import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Incoming } from '../../server/message/message.ts';
import { launchBrowser } from './browser.ts';
import { hills } from './mailbox/picture.ts';
import { bePatient } from './patience.ts';
import { eventually, openInbox, startMailstop } from './stage.ts';

bePatient();

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

/** A mail as passed on by a listener. */
function incoming(subject: string): Incoming {
  const address = 'ada@example.test';
  return {
    raw: Buffer.from(`From: app@example.test\r\nTo: ${address}\r\nSubject: ${subject}\r\n\r\nHello`),
    envelope: { from: { address: 'app@example.test', parameters: {} }, to: [{ address, parameters: {} }] },
    peer: { address: '127.0.0.1', port: 1, helo: null, protocol: 'SMTP', tls: null, username: null },
    receivedAt: new Date(),
    warnings: [],
  };
}

describe('mail that comes in', () => {
  test('appears without a reload, opens with its inline picture, and is read then', async () => {
    await using stage = await openInbox(browser);
    const { page, api } = stage;
    await page.getByRole('heading', { name: 'No mail yet' }).waitFor();

    const id = await stage.send({
      subject: 'Your order is on its way',
      text: 'As text',
      html: '<h1>On its way</h1><img alt="Hills" src="cid:hills@shop.test">',
      attachments: [{ filename: 'hills.png', cid: 'hills@shop.test', content: hills(200, 100) }],
    });
    const row = page.getByRole('option', { name: 'Your order is on its way' });
    await row.waitFor();
    expect(await row.textContent()).toContain('Unread');
    expect(await page.title()).toBe('(1) Mailstop');

    await row.click();
    await page.waitForURL(`**/messages/${id}`);
    const picture = page.frameLocator('iframe').getByAltText('Hills');
    await picture.waitFor();
    await eventually(
      () => picture.evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth),
      (width) => width === 200,
    );
    await expect.poll(() => page.title()).toBe('Mailstop');
    expect(await row.textContent()).not.toContain('Unread');
    expect((await api.message(id)).read).toBe(true);
  });

  test('the button of the empty inbox sends one through the SMTP port', async () => {
    await using stage = await openInbox(browser);
    await stage.page.getByRole('button', { name: 'Send a test mail' }).click();
    await stage.page.getByRole('option').waitFor();
    const [mail] = (await stage.api.list('')).messages;
    expect((await stage.api.message(mail?.id ?? '')).delivery.peer.protocol).toMatch(/^E?SMTP/);
  });

  test('does not move the rows in view', async () => {
    await using stage = await openInbox(browser, {
      before: async ({ send }) => {
        for (let i = 1; i <= 60; i++) await send({ subject: `Mail number ${i}` });
      },
    });
    const { page } = stage;
    await page.getByRole('option', { name: 'Mail number 60' }).waitFor();
    await page.getByRole('listbox').evaluate((list) => {
      (list as unknown as { scrollTop: number }).scrollTop = 1500;
    });
    const row = page.getByRole('option', { name: 'Mail number 30' });
    await row.waitFor();
    const before = await row.boundingBox();
    for (let i = 61; i <= 65; i++) await stage.send({ subject: `Mail number ${i}` });
    await page.getByRole('heading', { name: '65 mails' }).waitFor();
    expect(await row.boundingBox()).toEqual(before);
  });

  test('with five thousand mails, the page has only the rows in view, and loads others on scrolling', async () => {
    await using stage = await openInbox(browser, {
      before: async ({ mailstop }) => {
        for (let i = 1; i <= 5000; i++) await mailstop.store.add(incoming(`Mail number ${i}`));
      },
    });
    const { page } = stage;
    await page.getByRole('option', { name: 'Mail number 5000' }).waitFor();
    expect(await page.getByRole('option').count()).toBeLessThan(50);
    await page.getByRole('listbox').focus();
    await page.keyboard.press('End');
    await page.getByText('Mail number 1', { exact: true }).waitFor();
    expect(await page.getByRole('option').count()).toBeLessThan(50);
    await page.keyboard.press('Home');
    await page.getByRole('option', { name: 'Mail number 5000' }).waitFor();
  });
});

describe('searching', () => {
  test('finds mail, is kept in the URL, and says if nothing matches', async () => {
    await using stage = await openInbox(browser, {
      before: async ({ send }) => {
        await send({ subject: 'Invoice 114', to: 'bob@example.test' });
        await send({ subject: 'Welcome' });
      },
    });
    const { page } = stage;
    await page.getByRole('option', { name: 'Welcome' }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('to:bob');
    await page.getByRole('heading', { name: '1 found' }).waitFor();
    expect(await page.getByRole('option').count()).toBe(1);
    expect(new URL(page.url()).searchParams.get('q')).toBe('to:bob');

    await stage.send({ subject: 'Invoice 115', to: 'bob@example.test' });
    await page.getByRole('option', { name: 'Invoice 115' }).waitFor();

    await page.getByRole('textbox', { name: 'Search mails' }).fill('nothing like this');
    await page.getByText('No mail matches').waitFor();
    await page.getByRole('button', { name: 'Clear the search' }).last().click();
    await page.getByRole('heading', { name: '3 mails' }).waitFor();
    expect(new URL(page.url()).search).toBe('');
  });

  test('an error of the server is shown below the box', async () => {
    await using stage = await openInbox(browser, { before: ({ send }) => send({ subject: 'Hello' }) });
    await stage.page.getByRole('textbox', { name: 'Search mails' }).fill('from:"ada');
    await expect.poll(() => stage.page.getByRole('alert').textContent()).toContain('Column 6');
    await stage.page.getByRole('option', { name: 'Hello' }).waitFor();
  });

  test('a mailbox in the sidebar is a search, too', async () => {
    await using stage = await openInbox(browser, {
      before: async ({ send }) => {
        await send({ subject: 'For Bob', to: 'bob@example.test' });
        await send({ subject: 'For Ada' });
      },
    });
    const { page } = stage;
    await page.getByRole('button', { name: 'bob@example.test' }).click();
    await page.getByRole('heading', { name: '1 found' }).waitFor();
    await page.getByRole('option', { name: 'For Bob' }).waitFor();
    expect(new URL(page.url()).searchParams.get('q')).toBe('rcpt:"bob@example.test"');
  });
});

describe('deleting', () => {
  test('can be undone, and nothing is deleted before that', async () => {
    await using stage = await openInbox(browser, { before: ({ send }) => send({ subject: 'Hello' }) });
    const { page, api } = stage;
    await page.getByRole('option', { name: 'Hello' }).click();
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    await page.getByText('1 mail deleted').waitFor();
    await page.getByRole('option', { name: 'Hello' }).waitFor({ state: 'detached' });
    expect((await api.list('')).total).toBe(1);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('option', { name: 'Hello' }).waitFor();
  });

  test('leaving the page makes it final', async () => {
    await using stage = await openInbox(browser, { before: ({ send }) => send({ subject: 'Hello' }) });
    const { page, api } = stage;
    await page.getByRole('option', { name: 'Hello' }).click();
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    await page.getByText('1 mail deleted').waitFor();
    await page.goto('about:blank');
    await eventually(
      async () => (await api.list('')).total,
      (total) => total === 0,
    );
  });

  test('of everything asks first, and says how many mails', async () => {
    await using stage = await openInbox(browser, {
      before: async ({ send }) => {
        for (let i = 0; i < 3; i++) await send({ subject: `Mail ${i}` });
      },
    });
    const { page, api } = stage;
    await page.getByRole('button', { name: 'Delete all…' }).click();
    await page.getByRole('button', { name: 'Delete 3 mails' }).click();
    await page.getByRole('heading', { name: 'No mail yet' }).waitFor();
    expect((await api.list('')).total).toBe(0);
  });

  test('by somebody else is shown to the reader', async () => {
    await using stage = await openInbox(browser, { before: ({ send }) => send({ subject: 'Hello' }) });
    await stage.page.getByRole('option', { name: 'Hello' }).click();
    await stage.page.getByRole('heading', { name: 'Hello' }).waitFor();
    await stage.page.getByText('Live', { exact: true }).waitFor();
    const [mail] = (await stage.api.list('')).messages;
    await stage.api.delete(mail?.id ?? '');
    await stage.page.getByText('This mail was deleted').waitFor();
  });

  test('is shown even if it happens while the mail is loading', async () => {
    await using stage = await openInbox(browser, { before: ({ send }) => send({ subject: 'Hello' }) });
    const { page, api } = stage;
    await page.getByText('Live', { exact: true }).waitFor();
    const [mail] = (await api.list('')).messages;
    const row = page.getByRole('option', { name: 'Hello' });
    const gone = page.getByText('This mail was deleted');
    const asked = page.waitForRequest(`**/api/messages/${mail?.id}`);
    await page.route(`**/api/messages/${mail?.id}`, async (route) => {
      if (route.request().method() !== 'GET') return route.continue();
      const response = await route.fetch();
      await api.delete(mail?.id ?? '');
      await gone.waitFor();
      await route.fulfill({ response });
    });
    await row.click();
    // The response arrives after the removal was announced, and must not bring the mail back.
    await (await (await asked).response())?.finished();
    await page.evaluate('new Promise(requestAnimationFrame)');
    expect(await gone.isVisible()).toBe(true);
  });
});

test('when the server is gone, the page says so; when it is back, the page catches up', async () => {
  await using stage = await openInbox(browser, { before: ({ send }) => send({ subject: 'From before' }) });
  const { page, mailstop } = stage;
  await page.getByRole('option', { name: 'From before' }).waitFor();
  const { smtp, http } = mailstop.about;
  await mailstop[Symbol.asyncDispose]();
  await page.getByText('Offline').waitFor();
  await page.getByRole('option', { name: 'From before' }).waitFor();

  await using _again = await startMailstop({ smtpPort: smtp.port, httpPort: http.port });
  await page.getByText('Live', { exact: true }).waitFor();
  await page.getByRole('heading', { name: 'No mail yet' }).waitFor();
  await stage.send({ subject: 'From after' });
  await page.getByRole('option', { name: 'From after' }).waitFor();
});

describe('the address of a message', () => {
  test('survives a reload, with its tab', async () => {
    await using stage = await openInbox(browser, {
      before: ({ send }) => send({ subject: 'Hello', text: 'Body', html: '<p>Body' }),
    });
    const { page } = stage;
    await page.getByRole('option', { name: 'Hello' }).click();
    await page.getByRole('tab', { name: 'Source' }).click();
    await page.getByText('Subject: Hello').waitFor();
    await page.reload();
    await page.getByText('Subject: Hello').waitFor();
    expect(await page.getByRole('tab', { name: 'Source' }).getAttribute('aria-selected')).toBe('true');
  });

  test('says so if there is no such mail', async () => {
    await using stage = await openInbox(browser, { path: '/messages/01nosuchmessage00' });
    await stage.page.getByText('There is no such mail').waitFor();
  });
});

test('a narrow window shows one pane at a time, and back goes back', async () => {
  await using stage = await openInbox(browser, {
    viewport: { width: 390, height: 780 },
    before: ({ send }) => send({ subject: 'Hello', text: 'The body' }),
  });
  const { page } = stage;
  await page.getByRole('option', { name: 'Hello' }).click();
  await page.getByText('The body', { exact: true }).last().waitFor();
  expect(await page.getByRole('listbox').isVisible()).toBe(false);
  await page.goBack();
  await page.getByRole('option', { name: 'Hello' }).waitFor();
  expect(await page.getByRole('article').count()).toBe(0);
});

test('the colours follow the system until the reader chooses; the choice is remembered', async () => {
  await using stage = await openInbox(browser, { colorScheme: 'dark' });
  const { page } = stage;
  const ground = () => page.evaluate('getComputedStyle(document.body).backgroundColor');
  const dark = await ground();
  await page.emulateMedia({ colorScheme: 'light' });
  const light = await ground();
  expect(light).not.toBe(dark);
  await page.getByRole('button', { name: 'Colours: same as the system' }).click();
  await page.getByRole('button', { name: 'Colours: light' }).click();
  await page.getByRole('button', { name: 'Colours: dark' }).waitFor();
  expect(await ground()).toBe(dark);
  await page.reload();
  await page.getByRole('button', { name: 'Colours: dark' }).waitFor();
  expect(await ground()).toBe(dark);
});

test('everything can be done by keyboard', async () => {
  await using stage = await openInbox(browser, {
    before: async ({ send }) => {
      for (const subject of ['First', 'Second', 'Third']) await send({ subject });
    },
  });
  const { page } = stage;
  const title = (name: string) => page.getByRole('heading', { level: 2, name });
  await page.getByRole('option', { name: 'Third' }).waitFor();
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await title('Second').waitFor();
  await expect.poll(() => page.title()).toBe('(2) Mailstop');
  await page.keyboard.press('j');
  await title('First').waitFor();
  await expect.poll(() => page.title()).toBe('(1) Mailstop');
  await page.keyboard.press('u');
  await expect.poll(() => page.title()).toBe('(2) Mailstop');
  await page.keyboard.press('k');
  await page.keyboard.press('#');
  await page.getByText('1 mail deleted').waitFor();
  await page.getByRole('option', { name: 'Second' }).waitFor({ state: 'detached' });
  await page.keyboard.press('z');
  await page.getByRole('option', { name: 'Second' }).waitFor();
  await page.keyboard.press('?');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.keyboard.press('/');
  await page.keyboard.type('Third');
  await page.getByRole('heading', { name: '1 found' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('heading', { name: '3 mails' }).waitFor();
});

test('the page says that the limits removed mail, and how to keep more', async () => {
  await using stage = await openInbox(browser, {
    config: { maxMessages: 2 },
    before: async ({ send }) => {
      for (let i = 0; i < 5; i++) await send({ subject: `Mail ${i}` });
    },
  });
  await stage.page.getByText('3 mails were dropped by the limit of 2 (--max-messages)').waitFor();
});
