import { beforeEach, expect, it, vi } from 'vitest'
import type { FrameDraft } from '#shared/framePlan'
import { psnrOfPixels } from '../../../../src/renderer/base/psnrOfPngs'
import { useDrafts } from '../../../../src/renderer/stores/drafts'
import { useEncoding } from '../../../../src/renderer/stores/encoding'
import { useLibrary } from '../../../../src/renderer/stores/library'
import { useModel } from '../../../../src/renderer/stores/model'
import { useSettings } from '../../../../src/renderer/stores/settings'
import { useTimeline } from '../../../../src/renderer/stores/timeline'
import { installFakeStudio, modelInfo, pictureInfo } from '../fakeStudio'

const compare = vi.hoisted(() => ({ psnrAt: (_evaluations: number): number => 0 }))
vi.mock('../../../../src/renderer/base/psnrOfPngs', async (original) => ({
  ...(await original<object>()),
  psnrOfPngs: async (_reconstruction: Uint8Array, draft: Uint8Array) => compare.psnrAt(draft[0]),
}))

const settle = () => vi.advanceTimersByTimeAsync(0)
let studio: ReturnType<typeof installFakeStudio>

beforeEach(() => {
  vi.useFakeTimers()
  studio = installFakeStudio({
    'latent.encode': () => ({ fidelity: null, reconstructionPng: new Uint8Array(1) }),
    'animation.frames': (({ draft }: { draft: FrameDraft }) => ({
      // A frame cached as final is not a draft.
      frames: [new Uint8Array([draft.orFinal ? 255 : draft.evaluations])],
      seconds: 1,
      batch: 1,
      final: false,
    })) as never,
  })
  useModel().info = modelInfo
})

async function morph(psnrAt: (evaluations: number) => number): Promise<void> {
  compare.psnrAt = psnrAt
  const pictures = useLibrary().add(['a.png', 'b.png'].map(pictureInfo))
  useTimeline().insert(pictures.map(({ id }) => id))
  useDrafts()
  useEncoding().enqueue(pictures)
  await settle()
}

it('picks the fewest evaluations that draft every stop well (would catch a wisteria drafted as a pink ball)', async () => {
  await morph((evaluations) => (evaluations < 5 ? 19 : 30))
  expect(useSettings().draft).toEqual({ evaluations: 5 })
  expect(useDrafts().worstPsnr).toBe(30)
})

it('keeps the quickest draft when it is good enough, and tries each stop once', async () => {
  await morph(() => 28)
  expect(useSettings().draft).toEqual({ evaluations: 3 })
  expect(studio.callsOf('animation.frames').length).toBe(2)
})

it('uses the best draft when none is good enough, and reports its PSNR', async () => {
  await morph((evaluations) => 10 + evaluations)
  expect(useDrafts().worstPsnr).toBe(18)
  expect(useSettings().draft).toEqual({ evaluations: 8 })
})

it('keeps the quickest draft when more evaluations hardly improve it (would catch a slow draft as rough as a quick one)', async () => {
  await morph((evaluations) => 23 + evaluations / 10)
  expect(useSettings().draft).toEqual({ evaluations: 3 })
  expect(useDrafts().worstPsnr).toBeCloseTo(23.3)
})

it('tries no drafts when decoding itself takes few steps', async () => {
  useSettings().decode = { ...useSettings().decode, steps: 8 }
  await morph(() => 12)
  expect(studio.callsOf('animation.frames')).toEqual([])
})

it('measures a stop under one model and one set of settings, even if they change meanwhile (would catch drafts of one model judged by another)', async () => {
  await morph((evaluations) => {
    if (evaluations === 3) useModel().info = { ...modelInfo, path: '/models/other', sha256: 'other' }
    return evaluations < 5 ? 19 : 30
  })
  const [first, second, third] = studio.callsOf('animation.frames').map(({ input }) => input)
  expect(first).toMatchObject({ model: { path: modelInfo.path }, draft: { evaluations: 3 } })
  expect([second, third]).toMatchObject([
    { model: { path: modelInfo.path }, draft: { evaluations: 4 } },
    { model: { path: modelInfo.path }, draft: { evaluations: 5 } },
  ])
})

it('computes the PSNR of colours from 0 to 255, and ignores alpha', () => {
  const a = new Uint8ClampedArray([0, 0, 0, 255, 255, 255, 255, 255])
  const b = new Uint8ClampedArray([255, 255, 255, 0, 0, 0, 0, 0])
  expect(psnrOfPixels(a, b)).toBeCloseTo(0)
  expect(psnrOfPixels(a, a)).toBe(Infinity)
  const off = a.map((value, at) => (at % 4 === 0 ? Math.abs(value - 51) : value))
  // Off by a fifth of the range in one of three channels.
  expect(psnrOfPixels(a, off)).toBeCloseTo(10 * Math.log10(3 * 25))
})
