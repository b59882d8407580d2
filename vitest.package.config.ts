import { defineConfig } from 'vitest/config'

/** `npm run test:package`: tests the Debian package of `npm run package`, installed into an empty folder. */
export default defineConfig({
  test: {
    include: ['test/package/**/*.test.ts'],
    fileParallelism: false,
    reporters: ['default', ['json', { outputFile: 'test-results/package.json' }]],
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})
