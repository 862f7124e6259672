import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser } from './browser.ts';
import { bePatient } from './patience.ts';
import { openInbox, type Stage } from './stage.ts';

bePatient();

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

const permissions = ['clipboard-read', 'clipboard-write'];

const signIn = {
  subject: 'Your sign-in code',
  text: 'Your sign-in code is 402 913.\n\nOr open https://app.test/sign-in?token=8f2c&next=%2F in your browser.',
  html: `<p>Your sign-in code is <b>402 913</b>.
    <p><a href="https://app.test/sign-in?token=8f2c&amp;next=%2F">Sign in</a>
    <p><a href="mailto:help@app.test">Ask for help</a> <a href="javascript:alert(1)">Evil</a>`,
  headers: { 'List-Unsubscribe': '<https://app.test/leave>, <mailto:leave@app.test>' },
};

const clipboard = ({ page }: Stage) => page.evaluate<string>('navigator.clipboard.readText()');

describe('a mail with a code and links', () => {
  test('shows its code below the head, and a click or a key copies it', async () => {
    await using stage = await openInbox(browser, { permissions, before: ({ send }) => send(signIn) });
    const { page } = stage;
    await page.getByRole('option', { name: 'Your sign-in code' }).click();
    const bar = page.getByRole('region', { name: 'Code' });
    await bar.waitFor();
    expect(await bar.getByRole('code').textContent()).toBe('402913');
    await bar.getByRole('button', { name: 'Copy the code' }).click();
    await bar.getByRole('button', { name: 'Copied' }).waitFor();
    expect(await clipboard(stage)).toBe('402913');

    await page.evaluate('navigator.clipboard.writeText("something else")');
    await page.getByRole('heading', { level: 2, name: 'Your sign-in code' }).click();
    await page.keyboard.press('c');
    await page.getByText('Code 402913 copied').waitFor();
    expect(await clipboard(stage)).toBe('402913');
  });

  test('lists each link once, to copy or open', async () => {
    await using stage = await openInbox(browser, { permissions, before: ({ send }) => send(signIn) });
    const { page } = stage;
    await page.getByRole('option', { name: 'Your sign-in code' }).click();
    await page.getByRole('tab', { name: 'Links 2' }).click();
    const panel = page.getByRole('tabpanel');
    const row = panel.getByRole('listitem').filter({ hasText: 'in the HTML and the text' });
    await row.waitFor();
    expect(await row.count()).toBe(1);
    expect(await row.textContent()).toContain('Sign inhttps://app.test/sign-in?token=8f2c&next=%2F');

    const open = row.getByRole('link', { name: 'Open Sign in in a new tab' });
    expect(await open.getAttribute('href')).toBe('https://app.test/sign-in?token=8f2c&next=%2F');
    expect(await open.getAttribute('target')).toBe('_blank');
    expect(await open.getAttribute('rel')).toBe('noopener noreferrer');
    await row.getByRole('button', { name: 'Copy the URL' }).click();
    await row.getByRole('button', { name: 'Copied' }).waitFor();
    expect(await clipboard(stage)).toBe('https://app.test/sign-in?token=8f2c&next=%2F');

    const hrefs = await panel
      .getByRole('link')
      .evaluateAll((links) => links.map((link) => (link as unknown as { href: string }).href));
    expect(hrefs).toEqual([
      'https://app.test/sign-in?token=8f2c&next=%2F',
      'mailto:help@app.test',
      'https://app.test/leave',
      'mailto:leave@app.test',
    ]);

    await page.reload();
    await panel.getByRole('heading', { name: 'Unsubscribe' }).waitFor();
  });

  test('shows all candidates with reasons if none is certain, and picks none', async () => {
    await using stage = await openInbox(browser, {
      before: ({ send }) =>
        send({ subject: 'Your codes', text: 'Your verification code: 402913\n\nYour verification code: 771204\n' }),
    });
    const { page, api } = stage;
    const [mail] = (await api.list('')).messages;
    const { codes, code } = await api.message(mail?.id ?? '');
    expect({ code, codes: codes.length }).toEqual({ code: null, codes: 2 });
    await page.getByRole('option', { name: 'Your codes' }).click();
    await page.getByRole('tab', { name: 'Links' }).click();
    await page.getByRole('heading', { name: 'Codes', exact: true }).waitFor();
    for (const { code, reason } of codes) {
      expect(await page.getByRole('listitem').filter({ hasText: code }).textContent()).toContain(reason);
    }
    expect(await page.getByRole('region', { name: 'Code' }).count()).toBe(0);
  });

  test('has an empty state without code and links', async () => {
    await using stage = await openInbox(browser, { before: ({ send }) => send({ subject: 'Plain', text: 'Hello' }) });
    const { page } = stage;
    await page.getByRole('option', { name: 'Plain' }).click();
    await page.getByRole('tab', { name: 'Links' }).click();
    await page.getByText('No links', { exact: true }).waitFor();
    await page.keyboard.press('c');
    await page.getByText('No code was found in this mail').waitFor();
  });
});

test('on a phone, a long subject is cut after a whole line, and remote images have their own line', async () => {
  const mail = { subject: 'Your order is on its way. '.repeat(20), html: '<img src="https://pictures.invalid/a.png">' };
  await using stage = await openInbox(browser, {
    viewport: { width: 390, height: 780 },
    before: ({ send }) => send(mail),
  });
  const { page } = stage;
  await page.getByRole('option', { name: 'Your order' }).click();
  const title = await page.getByRole('heading', { name: 'Your order' }).boundingBox();
  expect(title?.height).toBe(4 * 24);
  const boxOf = async (text: string) => {
    const box = await page.getByText(text, { exact: true }).boundingBox();
    if (box === null) throw new Error(`${text} is not in sight`);
    return { top: box.y, bottom: box.y + box.height, height: box.height };
  };
  const [widths, notice, load] = [
    await boxOf('Phone'),
    await boxOf('Remote images are not loaded'),
    await boxOf('Load them'),
  ];
  expect(notice.top).toBeGreaterThanOrEqual(widths.bottom);
  expect(notice.height).toBeLessThan(30);
  expect(Math.abs(notice.top - load.top)).toBeLessThan(8);
});

test('on a phone, two of many warnings are shown, and no line of the head is cut in half', async () => {
  await using stage = await openInbox(browser, {
    viewport: { width: 390, height: 780 },
    before: async ({ mailstop }) => {
      const { port } = mailstop.about.http;
      const to = Array.from({ length: 40 }, (_, i) => `to=no-domain-${i}`).join('&');
      const people = Array.from({ length: 40 }, (_, i) => `"${'A long name '.repeat(9)}" <person-${i}@example.test>`);
      await fetch(`http://127.0.0.1:${port}/api/messages?from=${'x'.repeat(64)}@example.test&${to}`, {
        method: 'POST',
        headers: { 'content-type': 'message/rfc822' },
        body: `Subject: Warned\r\nTo: ${people.join(', ')}\r\n\r\nThe text\r\n`,
      });
    },
  });
  const { page } = stage;
  await page.getByRole('option', { name: 'Warned' }).click();
  const more = page.getByRole('button', { name: /^Show \d+ more warnings$/ });
  await more.waitFor();
  const lines = page.locator('.message-notices li');
  expect(await lines.count()).toBe(2);
  await page.getByRole('article').getByText('The text', { exact: true }).waitFor();
  const cut = (selector: string) => page.locator(selector).evaluate((one) => one.scrollHeight > one.clientHeight);
  expect([await cut('.head dl'), await cut('.message-notices ul')]).toEqual([false, false]);
  const notices = await page.locator('.message-notices').boundingBox();
  expect(notices?.height).toBeLessThan(120);
  await more.press('Enter');
  expect(await lines.count()).toBeGreaterThan(3);
  await page.getByRole('button', { name: 'Show fewer' }).press('Enter');
  expect(await lines.count()).toBe(2);
});

describe('the search box', () => {
  test('marks the column of an error, and removes the mark', async () => {
    await using stage = await openInbox(browser, { before: ({ send }) => send({ subject: 'Hello' }) });
    const { page } = stage;
    const field = page.getByRole('textbox', { name: 'Search mails' });
    await field.fill('from:app is:red');
    const error = page.getByRole('alert');
    await error.waitFor();
    expect(await error.locator('mark').textContent()).toBe('red');
    expect(await error.getByRole('code').textContent()).toBe('from:app is:red');
    expect(await error.textContent()).toContain(
      'Column 13: is: must be one of read, unread, pinned, flagged, not "red"; did you mean is:read?',
    );
    expect(await field.getAttribute('aria-invalid')).toBe('true');
    // The rows are those of the previous search: they do not count as matches, and no action applies to them.
    await page.getByRole('heading', { name: 'Check the search' }).waitFor();
    expect(await page.getByRole('button', { name: 'Delete all matching…' }).isDisabled()).toBe(true);
    expect(await field.getAttribute('aria-describedby')).toBe(await error.getAttribute('id'));

    await field.fill('from:app is:unread');
    await error.waitFor({ state: 'detached' });
    expect(await field.getAttribute('aria-invalid')).toBe('false');
  });

  test('shows which part of a search does not match anything', async () => {
    await using stage = await openInbox(browser, { before: ({ send }) => send({ subject: 'Hello' }) });
    const { page } = stage;
    await page.getByRole('textbox', { name: 'Search mails' }).fill('subject:hello to:bob');
    const state = page.getByRole('status').filter({ hasText: 'No mail matches' });
    await state.getByText('no mail', { exact: true }).waitFor();
    expect(await state.getByRole('term').allTextContents()).toEqual(['subject:hello', 'to:bob']);
    expect(await state.getByRole('definition').allTextContents()).toEqual(['1 mail', 'no mail']);
  });

  test.each([
    { width: 1280, height: 800 },
    { width: 390, height: 780 },
  ])('has a help that fits $width pixels, inserts its examples, and closes with Esc', async (viewport) => {
    await using stage = await openInbox(browser, {
      viewport,
      before: async ({ send }) => {
        await send({ subject: 'Hello' });
        await send({ subject: 'Welcome' });
      },
    });
    const { page } = stage;
    const opener = page.getByRole('button', { name: 'Search help' });
    const help = page.getByRole('dialog', { name: 'Search help' });
    await opener.click();
    await help.waitFor();
    const { x = -1, y = -1, width = 0, height = 0 } = (await help.boundingBox()) ?? {};
    expect(Math.min(x, y)).toBeGreaterThanOrEqual(0);
    expect(x + width).toBeLessThanOrEqual(viewport.width);
    expect(y + height).toBeLessThanOrEqual(viewport.height);
    await page.keyboard.press('Escape');
    await help.waitFor({ state: 'detached' });
    expect(await opener.evaluate((button) => button === button.ownerDocument.activeElement)).toBe(true);

    const field = page.getByRole('textbox', { name: 'Search mails' });
    await field.press('Alt+ArrowDown');
    await help.getByRole('button', { name: 'subject:welcome' }).click();
    await help.waitFor({ state: 'detached' });
    expect(await field.inputValue()).toBe('subject:welcome');
    await page.getByRole('heading', { name: '1 found' }).waitFor();
    // The value is selected, so typing replaces it.
    await page.keyboard.type('hello');
    expect(await field.inputValue()).toBe('subject:hello');
    await page.getByRole('option', { name: 'Hello' }).waitFor();
    await page.getByRole('option', { name: 'Welcome' }).waitFor({ state: 'detached' });
  });
});
