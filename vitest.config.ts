import { resolve } from 'node:path'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/{unit,golden,engine}/**/*.test.ts'],
    // Where commands keep what devices have proved: not among what the person who runs the tests has there.
    env: { XDG_CACHE_HOME: resolve('test-results/cache') },
    globalSetup: 'test/fixtures/buildOnce.ts',
    reporters: ['default', ['json', { outputFile: 'test-results/unit.json' }]],
    // Much of the time goes into waiting: for processes to start, for locks, for clocks that run out.
    maxWorkers: '100%',
    testTimeout: 120_000,
    hookTimeout: 120_000,
    typecheck: { enabled: false },
  },
})
