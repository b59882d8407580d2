import { defineConfig } from '@playwright/test'

/** `npm run screenshots`: the pictures of the README, taken of the real window. */
export default defineConfig({
  testDir: 'test/e2e',
  testMatch: '*.shots.ts',
  outputDir: 'test-results/screenshots',
  timeout: 600_000,
  reporter: 'list',
})
