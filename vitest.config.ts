import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/{unit,golden,engine}/**/*.test.ts'],
    globalSetup: 'test/fixtures/buildOnce.ts',
    testTimeout: 120_000,
    hookTimeout: 120_000,
    typecheck: { enabled: false },
  },
})
