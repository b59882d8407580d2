import { beforeEach, expect, it, vi } from 'vitest'
import { defaultSettings } from '#shared/presets'
import type { ExportRequest } from '../../../../src/renderer/export/exportRequest'
import type { VideoJob } from '../../../../src/renderer/export/encodeVideo'
import { videoChoices } from '../../../../src/renderer/export/exportChoice'
import { runVideoExport } from '../../../../src/renderer/export/videoExport'
import { installFakeStudio } from '../fakeStudio'

/** The videos that were written to their end. */
const { written } = vi.hoisted(() => ({ written: [] as Pick<VideoJob, 'provenance'>[] }))
beforeEach(() => void written.splice(0))

vi.mock('../../../../src/renderer/export/encodeVideo', () => ({
  async encodeVideo({ frameCount, frameAt, onFrame, provenance }: VideoJob) {
    for (let index = 0; index < frameCount; index++) {
      await frameAt(index)
      onFrame(index + 1)
    }
    written.push({ provenance })
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

/** Answers with empty frames of which none had to be decoded, made by a device. */
const framesOf =
  (computeOf: () => unknown = () => null) =>
  ({ indices }: { indices: number[] }) => ({
    frames: indices.map(() => new Uint8Array()),
    decoded: 0,
    batch: 8,
    compute: computeOf(),
  })

it('counts the frames of a hold as one picture (would catch a time left for frames that are never decoded)', async () => {
  vi.useFakeTimers({ toFake: ['performance'] })
  const seeds = [1, 1, 2].map((seed) => ({ kind: 'seed' as const, seed }))
  const segments = [
    { frames: 89, easing: 'hold' as const, interpolation: 'slerp' as const },
    { frames: 10, easing: 'linear' as const, interpolation: 'slerp' as const },
  ]
  // 90 frames of one seed, and ten others.
  const plan = { kind: 'path' as const, stops: seeds, segments }
  const seen = new Set<number>()
  installFakeStudio({
    'animation.provenance': () => '{}',
    'animation.frames': (({ indices }: { indices: number[] }) => {
      const pictures = new Set(indices.map((index) => Math.max(index, 89)))
      const decoded = [...pictures].filter((picture) => !seen.has(picture))
      for (const picture of decoded) seen.add(picture)
      vi.advanceTimersByTime(decoded.length * secondsPerFrame * 1000)
      return { frames: indices.map(() => new Uint8Array()), decoded: decoded.length, batch: 8, compute: null }
    }) as never,
  })
  const told: number[] = []
  await runVideoExport({ ...wanted, plan }, new AbortController().signal, (_share, _activity, eta) => {
    if (eta !== null) told.push(eta)
  })
  // The first picture is known, ten are left.
  expect(told[0]).toBeCloseTo(10 * secondsPerFrame, 6)
})

it('asks the engine again for the frames that a ping-pong shows on its way back (would catch a whole film in the memory of the window)', async () => {
  const studio = installFakeStudio({
    'animation.provenance': () => '{}',
    'animation.frames': framesOf() as never,
  })
  const pingPong = { ...wanted, options: { ...wanted.options, repeat: 'ping-pong' as const } }
  await runVideoExport(pingPong, new AbortController().signal, () => undefined)
  const asked = studio
    .callsOf('animation.frames')
    .map(({ input }) => (input as { indices: number[] }).indices)
  expect(asked[0]).toContain(1)
  expect(asked.at(-1)).toContain(1)
})

it('begins again with the next device if one fails on the way (would catch a video of two devices that records one)', async () => {
  const [card, cpu] = [{ provider: 'cuda' }, { provider: 'cpu' }]
  let device = card
  let requests = 0
  const studio = installFakeStudio({
    'animation.provenance': () => JSON.stringify({ compute: device }),
    'animation.frames': framesOf(() => {
      if (++requests === 3) device = cpu
      return device
    }) as never,
  })
  await runVideoExport(wanted, new AbortController().signal, () => undefined)
  expect(written).toMatchObject([{ provenance: JSON.stringify({ compute: cpu }) }])
  const asked = studio.callsOf('animation.frames').slice(3)
  expect(asked.flatMap(({ input }) => (input as { indices: number[] }).indices)).toEqual(
    Array.from({ length: 100 }, (_, index) => index),
  )
})

it('leaves a server that answers only some requests (would catch a video that is begun again for ever)', async () => {
  let requests = 0
  const studio = installFakeStudio({
    'animation.provenance': (({ model }: ExportRequest) =>
      JSON.stringify({ compute: { provider: model.server ? 'server' : 'cpu' } })) as never,
    'animation.frames': (({ model, indices }: ExportRequest & { indices: number[] }) =>
      framesOf(() => ({ provider: model.server && ++requests % 2 === 1 ? 'server' : 'cpu' }))({
        indices,
      })) as never,
  })
  const server = { url: 'http://server', model: 'unet', fallback: 'cpu' as const }
  const model = { ...wanted.model, server }
  await runVideoExport({ ...wanted, model }, new AbortController().signal, () => undefined)
  expect(written).toMatchObject([{ provenance: JSON.stringify({ compute: { provider: 'cpu' } }) }])
  expect(studio.callsOf('animation.frames').at(-1)!.input).toMatchObject({ model: { device: 'cpu' } })
})

it('stays with a server that came back with another version (would catch a whole video on the CPU)', async () => {
  const [presumed, found] = ['1', '2'].map((device) => ({ provider: 'server', device }))
  let known = presumed
  const studio = installFakeStudio({
    'animation.provenance': () => JSON.stringify({ compute: known }),
    'animation.frames': framesOf(() => (known = found)) as never,
  })
  const server = { url: 'http://server', model: 'unet', fallback: 'cpu' as const }
  const model = { ...wanted.model, server }
  await runVideoExport({ ...wanted, model }, new AbortController().signal, () => undefined)
  expect(written).toMatchObject([{ provenance: JSON.stringify({ compute: found }) }])
  expect(studio.callsOf('animation.frames').at(-1)!.input).toMatchObject({ model: { server } })
})

it('ends if its device never stays the same', async () => {
  let device = 0
  installFakeStudio({
    'animation.provenance': () => JSON.stringify({ compute: { device: ++device } }),
    'animation.frames': framesOf(() => ({ device: ++device })) as never,
  })
  const failing = runVideoExport(wanted, new AbortController().signal, () => undefined)
  await expect(failing).rejects.toMatchObject({ code: 'DEVICE_FAILED' })
  expect(written).toEqual([])
})

it('reports a file in its place before its pictures are encoded, unless that may be replaced', async () => {
  const studio = installFakeStudio({
    'output.existing': () => 'file',
    'animation.provenance': () => '{}',
    'animation.frames': framesOf() as never,
  })
  const run = (overwrite: boolean) =>
    runVideoExport({ ...wanted, overwrite }, new AbortController().signal, () => undefined)
  await expect(run(false)).rejects.toMatchObject({ code: 'EXISTS' })
  expect(studio.callsOf('animation.provenance')).toEqual([])
  expect(await run(true)).toBe(1)
})
