import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build, type Rolldown } from 'vite'
import type { writeVideo } from '../../src/renderer/export/encodeVideo'
import { expect, test } from './harness'

/** Sixteen colours in a square of four by four, whose centres are far apart. */
const swatches = [
  ...[0x000000, 0x404040, 0x808080, 0xc0c0c0, 0xffffff, 0xff0000, 0x00ff00, 0x0000ff],
  ...[0xffff00, 0x00ffff, 0xff00ff, 0x800000, 0x008000, 0x000080, 0xff8000, 0x804020],
]
const [side, frames] = [256, 3]

const hasFfmpeg = ['ffmpeg', 'ffprobe'].every((program) => spawnSync(program, ['-version']).status === 0)

/** The window's own encoder as one script, to run in the window without a model or dialog. */
async function bundleEncoder(): Promise<string> {
  const entry = join(import.meta.dirname, '../../src/renderer/export/encodeVideo.ts')
  const [{ output }] = (await build({
    configFile: false,
    logLevel: 'error',
    build: { write: false, minify: false, lib: { entry, formats: ['iife'], name: 'encoder' } },
  })) as Rolldown.RolldownOutput[]
  return output[0].code
}

test('a video has the colours of its frames, and its metadata declares their colour space', async ({
  studio,
  folder,
}) => {
  test.setTimeout(120_000)
  if (!hasFfmpeg && process.env.SLERP_REQUIRE_E2E === '1') throw new Error('There is no ffmpeg on PATH.')
  test.skip(!hasFfmpeg, 'There is no ffmpeg on PATH: the colours of videos are NOT looked at.')
  await studio.page.evaluate(`${await bundleEncoder()}; globalThis.encoder = encoder`)
  for (const [codec, format] of [
    ['avc', 'mp4'],
    ['vp9', 'webm'],
    ['av1', 'webm'],
  ] as const) {
    const bytes = await studio.page.evaluate(encodeSwatches, { codec, format, swatches, side, frames })
    const path = join(folder, `${codec}.${format}`)
    writeFileSync(path, Buffer.from(bytes, 'base64'))
    expect(probe(path), codec).toEqual({
      color_space: 'bt709',
      color_primaries: 'bt709',
      color_transfer: 'bt709',
      color_range: 'tv',
    })
    expect(farthest(path), codec).toBeLessThanOrEqual(3)
    if (format === 'mp4') {
      const file = readFileSync(path)
      expect(file.indexOf('moov'), 'its index is in front').toBeLessThan(file.indexOf('mdat'))
    }
  }
})

interface Swatches {
  codec: 'avc' | 'vp9' | 'av1'
  format: 'mp4' | 'webm'
  swatches: readonly number[]
  side: number
  frames: number
}

/** Runs in the window. */
async function encodeSwatches({ codec, format, swatches: colours, side: size, frames: count }: Swatches) {
  const canvas = new OffscreenCanvas(size, size)
  const context = canvas.getContext('2d')!
  for (const [i, colour] of colours.entries()) {
    context.fillStyle = `#${colour.toString(16).padStart(6, '0')}`
    context.fillRect((i % 4) * (size / 4), Math.floor(i / 4) * (size / 4), size / 4, size / 4)
  }
  const png = new Uint8Array(await (await canvas.convertToBlob({ type: 'image/png' })).arrayBuffer())
  const pieces: { data: Uint8Array; position: number }[] = []
  const { encoder } = globalThis as unknown as {
    encoder: { writeVideo: typeof writeVideo }
  }
  await encoder.writeVideo(
    {
      choice: { codec, format, name: codec, purpose: '', bitrateShare: 1 },
      shape: { width: size, height: size, fps: 23.976 },
      quality: 100,
      enlargement: 'smooth',
      frameCount: count,
      frameAt: () => Promise.resolve(png),
      provenance: '{}',
      signal: new AbortController().signal,
      onFrame: () => undefined,
    },
    new WritableStream({
      write: ({ data, position }: { data: Uint8Array; position: number }) => {
        pieces.push({ data: data.slice(), position })
      },
    }),
  )
  const file = new Uint8Array(Math.max(...pieces.map(({ data, position }) => position + data.length)))
  for (const { data, position } of pieces) file.set(data, position)
  return btoa(Array.from(file, (byte) => String.fromCharCode(byte)).join(''))
}

function probe(path: string): unknown {
  const fields = 'stream=color_space,color_primaries,color_transfer,color_range'
  const json = execFileSync('ffprobe', ['-v', 'error', '-show_entries', fields, '-of', 'json', path], {
    encoding: 'utf8',
  })
  return (JSON.parse(json) as { streams: unknown[] }).streams[0]
}

/** The largest difference between any swatch's centre, in any frame, and its colour, decoded as BT.709. */
function farthest(path: string): number {
  const filter = 'scale=in_color_matrix=bt709:in_range=tv:flags=accurate_rnd+full_chroma_int,format=rgb24'
  const pixels = execFileSync(
    'ffmpeg',
    ['-v', 'error', '-i', path, '-vf', filter, '-f', 'rawvideo', 'pipe:1'],
    { maxBuffer: 2 ** 28 },
  )
  expect(pixels.length).toBe(side * side * 3 * frames)
  const differences = Array.from({ length: frames }, (_, frame) =>
    swatches.map((colour, i) => {
      const [x, y] = [(i % 4) + 0.5, Math.floor(i / 4) + 0.5].map((place) => place * (side / 4))
      const at = ((frame * side + y) * side + x) * 3
      return Math.max(...[16, 8, 0].map((shift, k) => Math.abs(((colour >> shift) & 255) - pixels[at + k])))
    }),
  )
  return Math.max(...differences.flat())
}
