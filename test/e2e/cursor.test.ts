import { expect, test } from 'vitest';
import { launchBrowser } from './browser.ts';
import { bePatient } from './patience.ts';
import { openInbox } from './stage.ts';

bePatient();

const MAILS = 700;

test('in a long list, the row with the cursor is always the one in view, and what a key deletes is that row', async () => {
  await using browser = await launchBrowser();
  await using stage = await openInbox(browser, {
    before: async ({ api }) => {
      for (let n = 0; n < MAILS; n++)
        await api.deliver(`From: a@x.test\r\nTo: b@x.test\r\nSubject: mail ${n}.\r\n\r\nx\r\n`);
    },
  });
  const { page, api } = stage;
  const current = page.locator('[role=option].current');
  const at = async (subject: string) => {
    await current.filter({ hasText: subject }).waitFor();
    const list = page.getByRole('listbox');
    const [row, pane] = [await current.boundingBox(), await list.boundingBox()];
    if (!row || !pane) throw new Error('the row or the list is not shown');
    expect(row.y).toBeGreaterThanOrEqual(pane.y);
    expect(row.y + row.height).toBeLessThanOrEqual(pane.y + pane.height);
    expect(await list.getAttribute('aria-activedescendant')).toBe(await current.getAttribute('id'));
  };

  await page.keyboard.press('j');
  await at(`mail ${MAILS - 1}.`);
  // Rows at the end are not loaded yet. Whatever is pressed meanwhile acts on no other row.
  let hold = () => {};
  const held = new Promise<void>((resolve) => {
    hold = resolve;
  });
  await page.route('**/api/messages?**', async (route) => {
    await held;
    await route.fallback();
  });
  await page.keyboard.press('G');
  await page.keyboard.press('#');
  await page.keyboard.press('Enter');
  expect(await page.getByText('deleted').count()).toBe(0);
  expect(new URL(page.url()).pathname).toBe('/');
  hold();
  await at('mail 0.');
  await page.keyboard.press('#');
  await page.getByText('1 mail deleted').waitFor();
  await at('mail 1.');
  await page.keyboard.press('z');
  await page.keyboard.press('Home');
  await at(`mail ${MAILS - 1}.`);
  expect((await api.list('', { limit: 1 })).total).toBe(MAILS);

  const numberAt = async () => Number(/mail (\d+)\./.exec((await current.textContent()) ?? '')?.[1]);
  await page.keyboard.press('PageDown');
  const further = await numberAt();
  expect(further).toBeLessThan(MAILS - 4);
  await at(`mail ${further}.`);
  await page.keyboard.press('j');
  await at(`mail ${further - 1}.`);
  await page.keyboard.press('PageUp');
  const back = await numberAt();
  expect(back).toBeGreaterThan(further);
  await at(`mail ${back}.`);

  // From the search box to what it found.
  await page.keyboard.press('/');
  await page.keyboard.type('subject:"mail 12."');
  await page.keyboard.press('Enter');
  await expect.poll(() => page.getByRole('listbox').evaluate((list) => list.matches(':focus'))).toBe(true);
  await page.getByRole('heading', { name: /^1 / }).waitFor();
  await page.keyboard.press('j');
  await at('mail 12.');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'mail 12.' }).waitFor();
});
