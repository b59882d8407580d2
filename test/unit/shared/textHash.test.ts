import { expect, it } from 'vitest'
import { textHash } from '#shared/textHash'

it.each([
  // The first half is FNV-1a as published, with 32 bits: http://www.isthe.com/chongo/src/fnv/test_fnv.c
  ['', '811c9dc5'],
  ['a', 'e40c292c'],
  ['foobar', 'bf9cf968'],
])('begins with the FNV-1a hash of "%s"', (text, hash) => {
  expect(textHash(text)).toMatch(new RegExp(`^${hash}[0-9a-f]{8}$`))
})

it('tells many similar texts apart', () => {
  const texts = Array.from({ length: 20_000 }, (_, at) => `{"frames":${at},"steps":${at % 50}}`)
  expect(new Set(texts.map(textHash)).size).toBe(texts.length)
})
