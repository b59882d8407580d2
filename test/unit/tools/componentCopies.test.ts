import type * as files from 'node:fs'
import { expect, it, vi } from 'vitest'
import { shippedComponents } from '../../../tools/package/components.mjs'

const bundled = ['compress-commons', 'crc32-stream', 'zip-stream'].map(
  (name) => `node_modules/${name}/node_modules/readable-stream`,
)

// A build that took code from all copies of a package.
vi.mock('node:fs', async (original) => {
  const actual = await original<typeof files>()
  const isBuilt = (path: string) => path.endsWith('packages.json')
  return {
    ...actual,
    existsSync: (path: string) => isBuilt(path) || actual.existsSync(path),
    readFileSync: (path: string, encoding: BufferEncoding) =>
      isBuilt(path) ? JSON.stringify(bundled) : actual.readFileSync(path, encoding),
  }
})

it('lists a package once, in however many folders it lies (would catch a bill of materials with equal references)', () => {
  const names = shippedComponents().map(({ name }) => name)
  expect(names.filter((name) => name === 'readable-stream')).toEqual(['readable-stream'])
})
