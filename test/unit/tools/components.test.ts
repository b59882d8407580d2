import type * as paths from 'node:path'
import { expect, it, vi } from 'vitest'
import { shippedComponents } from '../../../tools/package/components.mjs'

// Relative paths are joined as on Windows; those that reach the disk lead to the same files as ever.
vi.mock('node:path', async (original) => {
  const actual = await original<typeof paths>()
  const join = (...parts: string[]): string =>
    actual.isAbsolute(parts[0])
      ? actual.join(...parts.map((part) => part.replaceAll('\\', '/')))
      : actual.win32.join(...parts)
  return { ...actual, join }
})

it('takes in the licence of libheif from its subfolder, on Windows too (would catch an About without it)', () => {
  const libheif = shippedComponents().find(({ name }) => name === 'libheif-js')
  expect(libheif?.text).toContain('The library `libheif` is distributed under the terms')
})
