import { defineConfig } from 'vitest/config';

const { SETUP } = process.env;

export default defineConfig({ test: { include: ['**/*.case.ts'], setupFiles: SETUP ? [SETUP] : [] } });
