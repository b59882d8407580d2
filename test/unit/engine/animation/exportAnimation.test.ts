import { afterEach, describe, expect, it, vi } from 'vitest'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { delimiter, join } from 'node:path'
import { engineRoutes } from '#shared/contract'
import type { ExportReport } from '#shared/reports'
import type { ExportTarget } from '#shared/exportTarget'
import { exportAnimation } from '#engine/animation/exportAnimation'
import { createRenderCache, type RenderCache } from '#engine/animation/renderCache'
import { Job } from '#engine/job/Job'
import type { RequestContext } from '#engine/job/requestContext'
import type { Progress } from '#shared/progress'
import { partialFolderOf } from '#files/partialFolder'
import { dataOf, readPngChunks } from '../../../fixtures/readPng'
import { emptyFolder } from '../../../fixtures/exportTarget'
import { tinyModel } from '../../../fixtures/cli'
import { jobOn, quietContext } from '../../../fixtures/job'
import { samplePath, settings } from '../../../fixtures/projects'

const exportTo = async (
  cache: RenderCache,
  request: Parameters<typeof exportAnimation>[2],
  context: RequestContext = quietContext,
) => exportAnimation(cache, await jobOn(tinyModel, { context, priority: 'export' }), request)

function filmAt(path: string, seeds: readonly number[], target: Partial<ExportTarget> = {}) {
  return engineRoutes['animation.export'].input.parse({
    model: { path: tinyModel, threads: 1 },
    plan: { kind: 'list', latents: seeds.map((seed) => ({ kind: 'seed', seed })) },
    decode: { solver: 'ddim', timestepSpacing: 'linear', steps: 2 },
    target: { path, format: 'gif', fps: 20, scale: 1, ...target },
    batch: 1,
  })
}

/** A context that cancels its request once `frames` frames are decoded. */
function cancelledAfter(frames: number): RequestContext {
  const cancel = new AbortController()
  return {
    ...quietContext,
    signal: cancel.signal,
    report({ phase, done }) {
      if (phase === 'decode' && done >= frames) cancel.abort()
    },
  }
}

describe('two exports to the same path', () => {
  it('do not run at once: the second is told to wait, and once the first is done, that the file exists', async () => {
    const folder = emptyFolder()
    const path = join(folder, 'film.gif')
    const cache = createRenderCache()
    const job = await jobOn(tinyModel, { priority: 'export' })
    const first = await new Promise<{ report: Promise<ExportReport> }>((begun) => {
      const context = { ...quietContext, report: () => begun({ report }) }
      const report = exportAnimation(cache, job.with({ context }), filmAt(path, [1]))
    })
    await expect(exportAnimation(cache, job, filmAt(path, [2]))).rejects.toMatchObject({
      code: 'UNWRITABLE',
      message: expect.stringContaining('wait until it is done'),
    })
    expect((await first.report).frames).toBe(1)
    expect(readdirSync(folder)).toEqual(['film.gif'])
    await expect(exportAnimation(cache, job, filmAt(path, [2]))).rejects.toMatchObject({
      code: 'EXISTS',
    })
  })
})

describe('an export over one of its own pictures', () => {
  it.each(['itself', 'through a link', 'in the folder that is replaced'])(
    'is refused, also if files may be replaced, and the picture stays (%s)',
    async (way) => {
      const folder = emptyFolder()
      const frames = join(folder, 'frames')
      mkdirSync(frames)
      const picture = join(frames, 'frame-0001.png')
      const bytes = readFileSync(samplePath('apple-golden'))
      writeFileSync(picture, bytes)
      if (way === 'through a link') symlinkSync(picture, join(folder, 'link.png'))
      const [path, format] = {
        itself: [picture, 'still'] as const,
        'through a link': [join(folder, 'link.png'), 'still'] as const,
        'in the folder that is replaced': [frames, 'png'] as const,
      }[way]!
      const request = engineRoutes['animation.export'].input.parse({
        ...filmAt(path, [1], { format, overwrite: true }),
        plan: { kind: 'list', latents: [{ kind: 'picture', picture: { path: picture }, encode: settings }] },
      })
      await expect(exportTo(createRenderCache(), request)).rejects.toMatchObject({
        code: 'EXISTS',
        message: expect.stringContaining('which would be lost'),
      })
      expect(readFileSync(picture)).toEqual(bytes)
      expect(readdirSync(folder).sort()).toEqual(
        way === 'through a link' ? ['frames', 'link.png'] : ['frames'],
      )
    },
  )
})

describe('an interrupted export', () => {
  it('records that the frames are its own only once it decodes them (would catch a cancel during the encoding that removes kept ones)', async () => {
    const path = join(emptyFolder(), 'film.gif')
    const record = join(partialFolderOf(path), '.slerp-studio.holder.json')
    const recorded: [string, unknown][] = []
    const report = ({ phase }: Progress) =>
      void recorded.push([phase, JSON.parse(readFileSync(record, 'utf8')).hasBegun])
    const plan = {
      kind: 'list',
      latents: [{ kind: 'picture', picture: { path: samplePath('apple-golden') }, encode: settings }],
    }
    const request = engineRoutes['animation.export'].input.parse({ ...filmAt(path, [1]), plan })
    await exportTo(createRenderCache(), request, { ...quietContext, report })
    expect(recorded).toContainEqual(['encode', false])
    expect(recorded.filter(([phase]) => phase === 'encode')).not.toContainEqual(['encode', true])
    expect(recorded.filter(([phase]) => phase === 'decode').at(-1)).toEqual(['decode', true])
  })

  it('resumes with its frames at another frame rate, scale and repeat mode (would catch hours of decoding lost to a changed fps)', async () => {
    const folder = emptyFolder()
    const path = join(folder, 'film.gif')
    const seeds = [1, 2, 3, 4]
    const interrupted = filmAt(path, seeds, { keepUnfinished: true })
    await expect(exportTo(createRenderCache(), interrupted, cancelledAfter(2))).rejects.toThrow()

    const changed = { fps: 10, scale: 2, repeat: 'ping-pong' as const }
    const report = await exportTo(createRenderCache(), filmAt(path, seeds, changed))
    expect(report.resumedFrames).toBe(2)

    const undisturbed = join(folder, 'undisturbed.gif')
    await exportTo(createRenderCache(), filmAt(undisturbed, seeds, changed))
    expect(readFileSync(path).equals(readFileSync(undisturbed))).toBe(true)
  })

  it('reports the frames that it keeps one by one (would catch a long film that resumes without a sign of life)', async () => {
    const path = join(emptyFolder(), 'film.gif')
    const seeds = [1, 2, 3, 4]
    const interrupted = filmAt(path, seeds, { keepUnfinished: true })
    await expect(exportTo(createRenderCache(), interrupted, cancelledAfter(3))).rejects.toThrow()
    const told: Progress[] = []
    const context = { ...quietContext, report: (progress: Progress) => void told.push(progress) }
    await exportTo(createRenderCache(), filmAt(path, seeds), context)
    const decoded = told.filter(({ phase }) => phase === 'decode')
    expect(decoded.slice(0, 4).map(({ done }) => done)).toEqual([0, 1, 2, 3])
    expect(decoded.at(-1)!.done).toBe(4)
  })

  /** Resumes an export of two steps with so many, while what computes it is a server that is away. */
  async function resumeAway(steps: number) {
    const path = join(emptyFolder(), 'film.gif')
    const film = filmAt(path, [1, 2, 3, 4], { keepUnfinished: true })
    const job = await jobOn(tinyModel, { context: cancelledAfter(2), priority: 'export' })
    await expect(exportAnimation(createRenderCache(), job, film)).rejects.toThrow()
    const connect = vi.fn(() => Promise.reject(new Error('The server does not answer')))
    const compute = { ...job.model.compute, runtime: 'server that was not reached' }
    const away = new Job({
      model: { ...job.model, compute, connect },
      context: quietContext,
      priority: 'export',
    })
    const again = { ...film, decode: { ...film.decode, steps } }
    const report = exportAnimation(createRenderCache(), away, again)
    return { path, report, connect }
  }

  it('keeps its frames while what computes them cannot be asked (would catch a server that is away and a cleared cache)', async () => {
    const { path, report } = await resumeAway(2)
    await expect(report).rejects.toThrow('The server does not answer')
    const names = readdirSync(partialFolderOf(path))
    expect(names.filter((name) => name.endsWith('.png')).length).toBeGreaterThanOrEqual(2)
  })

  it('gives way to an export of other settings without asking', async () => {
    const { report, connect } = await resumeAway(1)
    expect(await report).toMatchObject({ frames: 4, resumedFrames: 0 })
    expect(connect).not.toHaveBeenCalled()
  })

  it.each([
    ['empty', () => Buffer.alloc(0)],
    ['zeroed', (png: Buffer) => Buffer.alloc(png.length)],
    ['cut off', (png: Buffer) => png.subarray(0, png.length / 2)],
  ])(
    'decodes a frame again that is %s (would catch a film with holes, or one that never succeeds)',
    async (_, damage) => {
      const folder = emptyFolder()
      const path = join(folder, 'film.gif')
      const seeds = [1, 2, 3, 4]
      const interrupted = filmAt(path, seeds, { keepUnfinished: true })
      await expect(exportTo(createRenderCache(), interrupted, cancelledAfter(2))).rejects.toThrow()
      const frame = join(partialFolderOf(path), '000001.png')
      writeFileSync(frame, damage(readFileSync(frame)))

      const report = await exportTo(createRenderCache(), filmAt(path, seeds))
      expect(report).toMatchObject({ frames: 4, resumedFrames: 1 })

      const undisturbed = join(folder, 'undisturbed.gif')
      await exportTo(createRenderCache(), filmAt(undisturbed, seeds))
      expect(readFileSync(path).equals(readFileSync(undisturbed))).toBe(true)
    },
  )

  it('counts only frames that it shows as resumed (would catch “2 frames, 3 of them from an interrupted run”)', async () => {
    const path = join(emptyFolder(), 'film.gif')
    const seeds = [1, 2, 3, 4]
    const interrupted = filmAt(path, seeds, { keepUnfinished: true })
    await expect(exportTo(createRenderCache(), interrupted, cancelledAfter(3))).rejects.toThrow()
    const part = filmAt(path, seeds, { range: { start: 2, end: 3 } })
    expect(await exportTo(createRenderCache(), part)).toMatchObject({ frames: 2, resumedFrames: 1 })
  })
})

describe('the progress of an export', () => {
  it('counts a picture that many frames show once (would catch a hold that stands at 2 of 7 until it is done)', async () => {
    const path = join(emptyFolder(), 'film.gif')
    const stops = [1, 2].map((seed) => ({ kind: 'seed', seed }))
    const plan = { kind: 'path', stops, segments: [{ frames: 6, easing: 'hold' }] }
    const request = engineRoutes['animation.export'].input.parse({ ...filmAt(path, [1]), plan })
    const told: Progress[] = []
    const context = { ...quietContext, report: (progress: Progress) => void told.push(progress) }
    const report = await exportTo(createRenderCache(), request, context)
    expect(report).toMatchObject({ frames: 7, resumedFrames: 0 })
    const decoded = told.filter(({ phase }) => phase === 'decode')
    expect(decoded.at(-1)).toMatchObject({ done: 2, total: 2 })
  })

  it('goes on with a hold of which an interrupted run left some frames, and counts all it kept', async () => {
    const folder = emptyFolder()
    const path = join(folder, 'film.gif')
    const stops = [1, 2, 1].map((seed) => ({ kind: 'seed', seed }))
    const segments = [3, 2].map((frames) => ({ frames, easing: 'hold' }))
    const filmOf = (to: string) =>
      engineRoutes['animation.export'].input.parse({
        ...filmAt(to, [1], { keepUnfinished: true }),
        plan: { kind: 'path', stops, segments },
      })
    await expect(exportTo(createRenderCache(), filmOf(path), cancelledAfter(2))).rejects.toThrow()
    // Frames 0 to 2 and 5 show the first picture, and of the two that show the second, one was written.
    const report = await exportTo(createRenderCache(), filmOf(path))
    expect(report).toMatchObject({ frames: 6, resumedFrames: 5 })
    const undisturbed = join(folder, 'undisturbed.gif')
    await exportTo(createRenderCache(), filmOf(undisturbed))
    expect(readFileSync(path).equals(readFileSync(undisturbed))).toBe(true)
  })
})

describe('a video export', () => {
  afterEach(() => vi.unstubAllEnvs())

  it.each([
    ["Unknown encoder 'libx264'", 'MISSING_TOOL', /lacks the encoder \(Unknown encoder 'libx264'\)/],
    ['film.mp4: Permission denied', 'UNWRITABLE', /ffmpeg failed: film.mp4: Permission denied/],
  ])('evaluates nothing if ffmpeg says “%s”', async (reason, code, sentence) => {
    const folder = emptyFolder()
    const [programs, path] = [join(folder, 'programs'), join(folder, 'film.mp4')]
    mkdirSync(programs)
    writeFileSync(join(programs, 'ffmpeg'), `#!/bin/sh\ncat > /dev/null; echo "${reason}" >&2; exit 1\n`)
    chmodSync(join(programs, 'ffmpeg'), 0o755)
    vi.stubEnv('PATH', `${programs}${delimiter}${process.env.PATH}`)
    let evaluations = 0
    const context = { ...quietContext, evaluates: () => (evaluations += 1) }
    const film = filmAt(path, [1, 2], { format: 'mp4' })
    await expect(exportTo(createRenderCache(), film, context)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(sentence) as string,
    })
    expect(evaluations).toBe(0)
    expect(existsSync(partialFolderOf(path))).toBe(false)
    expect(readdirSync(folder)).toEqual(['programs'])
  })
})

describe('a still export', () => {
  it('decodes only its frame, identical to that of the sequence (would catch a neighbouring frame or a decode of all frames)', async () => {
    const folder = emptyFolder()
    const [still, sequence] = [join(folder, 'still.png'), join(folder, 'frames')]
    const seeds = [1, 2, 3, 4]
    const decoded: number[] = []
    const counting = {
      ...quietContext,
      report({ phase, total }: Progress) {
        if (phase === 'decode') decoded.push(total)
      },
    }
    const report = await exportTo(
      createRenderCache(),
      filmAt(still, seeds, { format: 'still', frame: 2 }),
      counting,
    )
    expect(report).toMatchObject({ format: 'still', frames: 1 })
    expect(new Set(decoded)).toEqual(new Set([1]))
    await exportTo(createRenderCache(), filmAt(sequence, seeds, { format: 'png' }))
    const pixelsOf = (path: string) => dataOf(readPngChunks(readFileSync(path)), 'IDAT')
    expect(pixelsOf(still).equals(pixelsOf(join(sequence, 'frame-0003.png')))).toBe(true)
    expect(pixelsOf(still).equals(pixelsOf(join(sequence, 'frame-0002.png')))).toBe(false)
  })
})
