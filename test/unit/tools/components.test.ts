import type * as paths from 'node:path'
import { expect, it, vi } from 'vitest'
import { shippedComponents } from '../../../tools/package/components.mjs'
import { licenceText } from '../../../tools/package/licences.mjs'

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

it('gives every package a text that permits its use (would catch "The package has no text of its own")', () => {
  const packages = shippedComponents().filter(({ purl }) => purl?.startsWith('pkg:npm/'))
  expect(packages.length).toBeGreaterThan(6)
  for (const { name, text } of packages)
    expect(text, name).toMatch(/permission|redistribut|permit|licen[cs]ed/i)
})

it.each([
  ['onnxruntime-node', ['Copyright (c) Microsoft Corporation', 'Eigen', 'abseil']],
  [
    `@napi-rs/canvas-linux-${process.arch}-gnu`,
    ['Copyright (c) 2020', 'Skia', 'FreeType Project', 'Alliance for Open Media', 'Mozilla Public License'],
  ],
])('%s names the parts of its native file with their licences', (name, fragments) => {
  const text = shippedComponents().find((component) => component.name === name)?.text
  for (const fragment of fragments) expect(text).toContain(fragment)
})

it('refuses a package without a text (would catch one that is shipped without its licence)', () => {
  expect(() => licenceText('unheard-of', 'tools/package/linux', [])).toThrow(/unheard-of .* no licence text/)
})
