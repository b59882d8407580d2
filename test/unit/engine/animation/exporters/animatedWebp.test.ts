import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createCanvas, loadImage } from '@napi-rs/canvas'
import { describe, expect, it } from 'vitest'
import type { Repeat } from '#core/timeline/playOrder'
import { openFrameSink } from '#engine/animation/exporters/openFrameSink'
import { emptyFolder, exportFrames, targetAt } from '../../../../fixtures/exportTarget'
import { gradient } from '../../../../fixtures/paint'

interface Chunk {
  readonly type: string
  readonly data: Buffer
}

/** The consecutive chunks in RIFF data, padding included. */
function riffChunks(bytes: Buffer): Chunk[] {
  const chunks: Chunk[] = []
  for (let at = 0; at < bytes.length;) {
    const length = bytes.readUInt32LE(at + 4)
    chunks.push({ type: bytes.toString('latin1', at, at + 4), data: bytes.subarray(at + 8, at + 8 + length) })
    at += 8 + length + (length % 2)
  }
  return chunks
}

/** Decodes a frame's bitstream as a picture of its own. */
async function decodeFrame({ data }: Chunk): Promise<number[]> {
  const bitstream = data.subarray(16)
  const head = Buffer.from('RIFF\0\0\0\0WEBP', 'latin1')
  head.writeUInt32LE(4 + bitstream.length, 4)
  const image = await loadImage(Buffer.concat([head, bitstream]))
  const context = createCanvas(image.width, image.height).getContext('2d')
  context.drawImage(image, 0, 0)
  return [...context.getImageData(0, 0, image.width, image.height).data]
}

const folder = emptyFolder()
const frames = Array.from({ length: 5 }, (_, i) => gradient(31, 18, i / 3))

async function exportWebp(name: string, options: Parameters<typeof targetAt>[1] = {}, provenance = '{}') {
  const path = join(folder, name)
  const bytes = await exportFrames(targetAt(path, options), frames, provenance)
  const file = readFileSync(path)
  expect(bytes).toBe(file.length)
  expect(file.readUInt32LE(4)).toBe(file.length - 8)
  return riffChunks(file.subarray(12))
}

describe('an animated WebP', () => {
  it('has its chunks in the order that RFC 9649 requires', async () => {
    const types = (await exportWebp('order.webp')).map(({ type }) => type)
    expect(types).toEqual(['VP8X', 'ANIM', ...Array<string>(5).fill('ANMF'), 'XMP '])
  })

  it('declares its size, animation and metadata', async () => {
    const [{ data }] = await exportWebp('head.webp')
    expect([data.readUIntLE(4, 3) + 1, data.readUIntLE(7, 3) + 1]).toEqual([31, 18])
    expect(data[0]).toBe(0b0000_0110)
  })

  it('stores every frame losslessly at quality 100', async () => {
    const chunks = (await exportWebp('frames.webp')).filter(({ type }) => type === 'ANMF')
    expect(await Promise.all(chunks.map(decodeFrame))).toEqual(frames.map(({ data }) => [...data]))
  })

  it('has the duration given by its frame rate, to the millisecond', async () => {
    const chunks = (await exportWebp('time.webp', { fps: 30 })).filter(({ type }) => type === 'ANMF')
    // 5 / 30 s.
    expect(chunks.reduce((sum, { data }) => sum + data.readUIntLE(12, 3), 0)).toBe(167)
  })

  it('repeats for ever or plays once, as requested', async () => {
    const plays = async (repeat: Repeat) =>
      (await exportWebp(`repeat-${repeat}.webp`, { repeat }))[1].data.readUInt16LE(4)
    expect(await plays('forever')).toBe(0)
    expect(await plays('once')).toBe(1)
  })

  it('stores the provenance as XMP, with XML’s special characters escaped', async () => {
    const provenance = '{"name":"Äpfel & <Birnen>"}'
    const xmp = (await exportWebp('provenance.webp', {}, provenance)).at(-1)!.data.toString('utf8')
    const text = /<rdf:li[^>]*>(.*)<\/rdf:li>/.exec(xmp)![1]
    expect(text.replace('&lt;', '<').replace('&gt;', '>').replace('&amp;', '&')).toBe(provenance)
  })

  it('refuses frames that are too large for the format', async () => {
    const open = openFrameSink(
      targetAt(join(folder, 'large.webp')),
      { width: 16_384, height: 8, count: 1 },
      '',
    )
    await expect(open).rejects.toMatchObject({ code: 'BAD_INPUT', message: expect.stringContaining('16383') })
  })
})
