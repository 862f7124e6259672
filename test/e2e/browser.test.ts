import { expect } from 'vitest';
import { needs } from '../needs.ts';
import { launchBrowser } from './browser.ts';
import { bePatient } from './patience.ts';

bePatient();

needs('chromium')('the browser starts and shows a page', async () => {
  await using browser = await launchBrowser();
  const page = await browser.newPage();
  await page.setContent('<title>hello</title>');
  expect(await page.title()).toBe('hello');
});
