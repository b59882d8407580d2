import { defineConfig } from '@playwright/test'

/** The name of the results, which differs between concurrent runs. */
const report = process.env['SLERP_E2E_REPORT'] ?? 'e2e'

export default defineConfig({
  testDir: 'test/e2e',
  outputDir: `test-results/${report}`,
  // Apps on one display share its clipboard and focus.
  workers: 1,
  fullyParallel: false,
  timeout: 300_000,
  forbidOnly: true,
  reporter: [['list'], ['json', { outputFile: `test-results/${report}.json` }]],
})
