import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/{unit,golden,engine}/**/*.test.ts'],
    globalSetup: 'test/fixtures/buildOnce.ts',
    reporters: ['default', ['json', { outputFile: 'test-results/unit.json' }]],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    typecheck: { enabled: false },
  },
})
