import { defineConfig } from '@playwright/test';
import type { MailOptions } from 'mailstop/playwright';

const { CHROMIUM = '' } = process.env;

export default defineConfig<MailOptions>({
  testMatch: '**/*.case.ts',
  workers: 1,
  use: {
    sandboxOptions: { maxMessages: 500 },
    launchOptions: { executablePath: CHROMIUM, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] },
  },
});
