import { expect, test } from 'vitest';
import { launchBrowser } from './browser.ts';
import { bePatient } from './patience.ts';
import { startMailstop } from './stage.ts';

bePatient();

test('after a restart, the inbox shows the new ports, even if the first request for them fails', async () => {
  await using browser = await launchBrowser();
  await using page = await browser.newPage();
  const before = await startMailstop();
  const { http, smtp } = before.about;
  await page.goto(`http://127.0.0.1:${http.port}`);
  await page.getByText(`:${smtp.port}`).first().waitFor();
  await before[Symbol.asyncDispose]();
  await page.getByText('Offline').first().waitFor();

  let failed = 0;
  await page.route('**/api/server', async (route) => {
    if (failed++ === 0) await route.abort('connectionreset');
    else await route.fallback();
  });
  await using after = await startMailstop({ httpPort: http.port });
  await page.getByText(`:${after.about.smtp.port}`).first().waitFor();
  expect(failed).toBeGreaterThan(1);
});
