import { defineConfig } from '@playwright/test'

export default defineConfig({
  testDir: 'test/e2e',
  outputDir: 'test-results/e2e',
  // Each app brings an engine of its own that takes all cores: two at once only make each other late.
  workers: 1,
  fullyParallel: false,
  timeout: 300_000,
  forbidOnly: true,
  reporter: [['list'], ['json', { outputFile: 'test-results/e2e.json' }]],
})
