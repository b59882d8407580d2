import { resolve } from 'node:path'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/{unit,golden,engine}/**/*.test.ts'],
    // Where commands cache device checks: kept apart from the developer's own cache.
    env: { XDG_CACHE_HOME: resolve('test-results/cache') },
    globalSetup: 'test/fixtures/buildOnce.ts',
    reporters: ['default', ['json', { outputFile: 'test-results/unit.json' }]],
    // Much of the time is spent waiting: for processes to start, for locks, for timeouts.
    maxWorkers: '100%',
    testTimeout: 120_000,
    hookTimeout: 120_000,
    typecheck: { enabled: false },
  },
})
