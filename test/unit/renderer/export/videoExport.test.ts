import { expect, it, vi } from 'vitest'
import { defaultSettings } from '#shared/presets'
import type { ExportRequest } from '../../../../src/renderer/export/exportRequest'
import type { VideoJob } from '../../../../src/renderer/export/encodeVideo'
import { videoChoices } from '../../../../src/renderer/export/exportChoice'
import { runVideoExport } from '../../../../src/renderer/export/videoExport'
import { installFakeStudio } from '../fakeStudio'

vi.mock('../../../../src/renderer/export/encodeVideo', () => ({
  async encodeVideo({ frameCount, frameAt, onFrame }: VideoJob) {
    for (let index = 0; index < frameCount; index++) {
      await frameAt(index)
      onFrame(index + 1)
    }
    return 1
  },
}))

const [choice] = videoChoices([{ codec: 'avc', format: 'mp4' } as never])
const wanted: ExportRequest = {
  choice,
  options: { fps: 12, scale: 1, enlargement: 'sharp', repeat: 'once', quality: 80, workArea: false },
  path: '/out/morph.mp4',
  overwrite: false,
  model: { path: '/m', threads: 0, device: 'auto', precision: 'fp32' },
  size: { width: 64, height: 64 },
  plan: { kind: 'list', latents: [{ kind: 'seed', seed: 1 }] },
  decode: defaultSettings.decode,
  cleanTimestep: -1,
  frame: 0,
  total: 100,
  range: { start: 0, end: 99 },
  estimateSeconds: 100,
}

/** 64 of the 100 frames are available; each of the others takes 2.5 s. */
const firstUnknown = 64
const secondsPerFrame = 2.5

it('tells the time left by the pace of decoded frames (would catch "1 s left" of 100 s because most frames were found)', async () => {
  vi.useFakeTimers({ toFake: ['performance'] })
  installFakeStudio({
    'animation.provenance': () => {
      vi.advanceTimersByTime(60_000)
      return '{}'
    },
    'animation.frames': (({ indices }: { indices: number[] }) => {
      const decoded = indices.filter((index) => index >= firstUnknown).length
      vi.advanceTimersByTime(decoded * secondsPerFrame * 1000)
      return { frames: indices.map(() => new Uint8Array()), decoded, batch: 8 }
    }) as never,
  })
  const told: { share: number; etaSeconds: number | null }[] = []
  await runVideoExport(wanted, new AbortController().signal, (share, _activity, etaSeconds) =>
    told.push({ share, etaSeconds }),
  )
  const found = told.filter(({ share }) => share < 0.64)
  expect(found.length).toBeGreaterThan(60)
  expect(found.every(({ etaSeconds }) => etaSeconds === null)).toBe(true)
  // After the first batch of eight decoded frames, 28 are left.
  const [first] = told.filter(({ etaSeconds }) => etaSeconds !== null)
  expect(first.etaSeconds).toBeCloseTo(28 * secondsPerFrame, 6)
  expect(told.at(-1)).toEqual({ share: 1, etaSeconds: 0 })
})

it('records the frames that the video shows (would catch a work area that leads back to the whole film)', async () => {
  const described: unknown[] = []
  installFakeStudio({
    'animation.provenance': (({ target }: { target: unknown }) => {
      described.push(target)
      return '{}'
    }) as never,
    'animation.frames': (({ indices }: { indices: number[] }) => {
      return { frames: indices.map(() => new Uint8Array()), decoded: 0, batch: 8 }
    }) as never,
  })
  const range = { start: 20, end: 29 }
  await runVideoExport({ ...wanted, range }, new AbortController().signal, () => undefined)
  expect(described).toMatchObject([{ format: 'mp4', fps: 12, range }])
})
