import { defineConfig } from '@playwright/test'

/** `npm run screenshots`: takes the README's pictures from the real window. */
export default defineConfig({
  testDir: 'test/e2e',
  testMatch: '*.shots.ts',
  outputDir: 'test-results/screenshots',
  timeout: 600_000,
  reporter: 'list',
})
