import { beforeEach, expect, it } from 'vitest'
import { computed } from 'vue'
import type { EncodeReport, LatentReport } from '#shared/reports'
import { useKnownLatents } from '../../../../src/renderer/stores/knownLatents'
import { useLibrary } from '../../../../src/renderer/stores/library'
import { useModel } from '../../../../src/renderer/stores/model'
import { useSettings } from '../../../../src/renderer/stores/settings'
import { useThumbnails } from '../../../../src/renderer/stores/thumbnails'
import { failure, installFakeStudio, modelInfo, pictureInfo } from '../fakeStudio'

let known: ReturnType<typeof useKnownLatents>
let library: ReturnType<typeof useLibrary>

beforeEach(() => {
  installFakeStudio({
    'picture.preview': () => {
      throw failure('BAD_PICTURE', '"a.png" is damaged.')
    },
  })
  useModel().info = modelInfo
  library = useLibrary()
  known = useKnownLatents()
  library.add(['a.png', 'b.png'].map(pictureInfo))
  library.addLatents([
    { id: 's', name: 'Seed 5', kind: 'seed', seed: 5 },
    { id: 'm', name: 'Mix', kind: 'mix', parts: [{ source: 'gone', weight: 1 }] },
  ])
})

const report = {} as EncodeReport & LatentReport
const later = failure('DEVICE_FAILED', 'The card failed.')

it('an item is missing until it has a report or a reason, and again under other settings', () => {
  const [a, b, seed] = library.items
  const missing = computed(() => [a, b, seed].map(known.isMissing))
  expect(missing.value).toEqual([true, true, true])
  known.keepReport(known.keyOf(a), report)
  known.noteFailure(known.keyOf(b), later)
  known.keepLatentReport(known.keyOf(seed), report)
  expect(missing.value).toEqual([false, false, false])
  expect([a, b, seed].map(known.isReady)).toEqual([true, false, true])
  expect(known.failureOf(b)).toEqual(later)
  known.forgetFailure(known.keyOf(b))
  expect(missing.value).toEqual([false, true, false])
  const { encode } = useSettings()
  useSettings().encode = { ...encode, steps: encode.steps + 1 }
  // A seed is not encoded, so these settings do not change it.
  expect(missing.value).toEqual([true, true, false])
})

it('a file whose content has changed is another picture (would catch the latent of the old one)', () => {
  const [a, b] = library.pictures
  known.keepReport(known.keyOf(a), report)
  library.change(a.id, { info: { ...a.info, sha256: 'another hash' } })
  expect(library.pictures.map(known.reportOf)).toEqual([null, null])
  library.change(a.id, { info: a.info })
  expect(known.reportOf(library.pictures[0])).toBe(report)
  expect(known.isReady(b)).toBe(false)
})

it('a damaged file is a reason, unless its latent is there', async () => {
  const [a] = library.pictures
  await useThumbnails()
    .thumbnailOf(a)
    .catch(() => undefined)
  expect(known.failureOf(a)).toMatchObject({ message: '"a.png" is damaged.' })
  known.keepReport(known.keyOf(a), report)
  expect(known.failureOf(a)).toBeNull()
})

it('a latent of which a part is gone cannot be made, and says so by its name', () => {
  const mix = library.latents[1]
  expect(known.isMissing(mix)).toBe(false)
  expect(known.failureOf(mix)).toMatchObject({
    code: 'UNSUPPORTED',
    message: expect.stringContaining('“Mix”') as string,
  })
})
