import { spawnSync } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { videoCodecs } from '../../../../../src/renderer/export/videoCodecs'
import { estimateSize } from '../../../../../src/renderer/views/export/estimateSize'
import { exportFormat, exportFormatRows, type ExportFormat } from '#shared/exportFormats'
import { openFrameSink } from '#engine/animation/exporters/openFrameSink'
import { openPicture } from '#engine/image/decodePicture'
import { enlarge } from '#core/picture/enlarge'
import { fitPicture } from '#engine/image/fitPicture'
import { createPixels, type Pixels } from '#core/picture/pixels'
import { emptyFolder, exportFrames, targetAt } from '../../../../fixtures/exportTarget'
import { noise } from '../../../../fixtures/paint'

const folder = emptyFolder()
const hasFfmpeg = spawnSync('ffmpeg', ['-version']).status === 0
const noises = [noise(64, 48, 1), noise(64, 48, 2), noise(64, 48, 3)]

/** The formats that can be written here: MP4 and WebM need ffmpeg. */
const writable = exportFormatRows.filter(({ video }) => hasFfmpeg || !video)

if (!hasFfmpeg) {
  const line = '='.repeat(80)
  const notice = 'MP4 and WebM are NOT tested: there is no ffmpeg on PATH.'
  if (process.env['SLERP_REQUIRE_E2E'] === '1') throw new Error(notice)
  console.error(`\n${line}\n${notice}\n${line}\n`)
}

/** As many of the frames as a format shows. */
function shown<Frame>(id: ExportFormat, frames: readonly Frame[]): Frame[] {
  return frames.slice(0, exportFormat(id).frames === 'one' ? 1 : undefined)
}

function targetOf(id: ExportFormat, name: string, options = {}) {
  const [ending] = exportFormat(id).endings
  return targetAt(join(folder, ending ? `${id}-${name}.${ending}` : `${id}-${name}`), {
    format: id,
    ...options,
  })
}

/** The format of a file by its first bytes, following the formats' specifications; null for a folder. */
function sniff(path: string): string | null {
  if (statSync(path).isDirectory()) return null
  const head = readFileSync(path).subarray(0, 4096).toString('latin1')
  if (head.startsWith('GIF89a')) return 'image/gif'
  if (head.startsWith('RIFF') && head.startsWith('WEBP', 8) && head.includes('ANIM')) return 'image/webp'
  if (head.startsWith('\x89PNG')) return head.includes('acTL') ? 'image/apng' : 'image/png'
  if (head.startsWith('ftyp', 4)) return 'video/mp4'
  if (head.startsWith('\x1a\x45\xdf\xa3') && head.includes('webm')) return 'video/webm'
  throw new Error(`Nobody knows what ${path} is.`)
}

/** The media type of the file in each format; null for a folder. */
const mediaTypes = {
  png: null,
  contactSheet: 'image/png',
  gif: 'image/gif',
  webp: 'image/webp',
  apng: 'image/apng',
  still: 'image/png',
  mp4: 'video/mp4',
  webm: 'video/webm',
} as const

describe.each(exportFormatRows)('an export as $id', ({ id, lossy, video }) => {
  const needsFfmpeg = video && !hasFfmpeg

  it.skipIf(needsFfmpeg)('has the media type of its format (would catch a WebM saved as .mp4)', async () => {
    const target = targetOf(id, 'kind')
    await exportFrames(target, shown(id, noises))
    expect(sniff(target.path)).toBe(mediaTypes[id])
  })

  it.skipIf(needsFfmpeg)('depends on the quality exactly when the format is lossy', async () => {
    const [worse, better] = [targetOf(id, 'worse', { quality: 20 }), targetOf(id, 'better', { quality: 80 })]
    const frames = shown(id, noises)
    const [small, large] = [await exportFrames(worse, frames), await exportFrames(better, frames)]
    if (lossy) expect(small).toBeLessThan(large)
    else expect(small).toBe(large)
  })
})

it.each(writable.filter(({ highestFps }) => Number.isFinite(highestFps)))(
  'an export as $id is refused before anything is computed when its frame rate is too high for players',
  async ({ id, highestFps }) => {
    const open = (fps: number) =>
      openFrameSink(targetOf(id, `fast-${fps}`, { fps }), { width: 8, height: 8, count: 1 }, '{}')
    await expect(open(highestFps + 1)).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringContaining(`show at most ${highestFps}`),
    })
    await (await open(highestFps)).abort()
  },
)

/** `count` frames from one bundled sample picture to another. */
async function crossFade(count: number, side: number): Promise<Pixels[]> {
  const ends = await Promise.all(
    ['apple-red', 'tomato-heart'].map(async (name) =>
      fitPicture(await openPicture(`resources/samples/${name}.webp`), { mode: 'cover' }, side, side),
    ),
  )
  return Array.from({ length: count }, (_, i) => {
    const frame = createPixels(side, side)
    const share = i / (count - 1)
    frame.data.forEach(
      (_value, at) => (frame.data[at] = ends[0].data[at] * (1 - share) + ends[1].data[at] * share),
    )
    return frame
  })
}

describe('the estimated size', () => {
  const [side, scale] = [64, 4]
  it.each(writable)(
    'of $id is within a factor of three of the actual size (would catch an error by a factor of ten)',
    async ({ id }) => {
      const pictures = shown(id, await crossFade(4, side)).map((frame) => enlarge(frame, scale, 'lanczos'))
      const target = targetOf(id, 'size', { quality: 85 })
      const bytes = await exportFrames(target, pictures)
      const { fps, quality } = target
      const shape = { width: side * scale, height: side * scale, fps, quality, frames: pictures.length }
      const video = videoCodecs.find(({ format }) => format === id) ?? null
      const estimate = estimateSize({ format: exportFormat(id), video }, shape)
      expect(estimate / bytes).toBeGreaterThan(1 / 3)
      expect(estimate / bytes).toBeLessThan(3)
    },
  )
})
