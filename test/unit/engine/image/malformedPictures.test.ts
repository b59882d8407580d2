import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { StudioError } from '#shared/errors'
import { openPicture } from '#engine/image/decodePicture'
import { malformedPictures } from '../../../fixtures/malformedPictures'

const folder = mkdtempSync(join(tmpdir(), 'slerp-malformed-'))
const began = performance.now()

afterAll(() => {
  rmSync(folder, { recursive: true })
  // Vitest runs each test file in a process of its own, so this is the cost of these pictures.
  const seconds = ((performance.now() - began) / 1000).toFixed(1)
  const megabytes = (process.resourceUsage().maxRSS / 1024).toFixed(0)
  console.log(`Malformed pictures: ${seconds} s, at most ${megabytes} MB with Vitest itself`)
})

describe('openPicture rejects, with one sentence and without a crash:', () => {
  it.each(malformedPictures())('$name', async ({ name, write }) => {
    const path = join(folder, name)
    write(path)
    const error: unknown = await openPicture(path).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(StudioError)
    const { code, message } = error as StudioError
    expect(code).toBe('BAD_PICTURE')
    expect(message).toContain(name)
    expect(message).toMatch(/^[^\n]+\.$/)
  })
})
