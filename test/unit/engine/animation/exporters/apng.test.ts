import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { inflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { Repeat } from '#core/timeline/playOrder'
import { decodePng } from '#engine/image/decodePng'
import type { Pixels } from '#core/picture/pixels'
import { emptyFolder, exportFrames, targetAt } from '../../../../fixtures/exportTarget'
import { gradient } from '../../../../fixtures/paint'
import { dataOf, readPngChunks, unfilter } from '../../../../fixtures/readPng'

const folder = emptyFolder()
const frames = Array.from({ length: 4 }, (_, i) => gradient(21, 14, i))

async function exportApng(name: string, options: Parameters<typeof targetAt>[1] = {}, provenance = '{}') {
  const path = join(folder, name)
  const bytes = await exportFrames(targetAt(path, options), frames, provenance)
  const file = readFileSync(path)
  expect(bytes).toBe(file.length)
  return { file, chunks: readPngChunks(file) }
}

function rgbOf({ data }: Pixels): number[] {
  return [...data].filter((_, i) => i % 4 !== 3)
}

describe('an APNG', () => {
  it('stores every frame losslessly, each as a separate zlib stream', async () => {
    const { chunks } = await exportApng('frames.apng')
    const rest = chunks.filter(({ type }) => type === 'fdAT').map(({ data }) => data.subarray(4))
    const streams = [dataOf(chunks, 'IDAT'), ...rest]
    expect(streams.map((stream) => [...unfilter(stream, 21, 14, 3)])).toEqual(frames.map(rgbOf))
  })

  it('declares its frame count before the first frame, and numbers its chunks without gaps', async () => {
    const { chunks } = await exportApng('order.apng')
    const types = chunks.map(({ type }) => type)
    expect(types.indexOf('acTL')).toBeLessThan(types.indexOf('IDAT'))
    expect(dataOf(chunks, 'acTL').readUInt32BE(0)).toBe(4)
    const numbered = chunks.filter(({ type }) => type === 'fcTL' || type === 'fdAT')
    expect(numbered.map(({ data }) => data.readUInt32BE(0))).toEqual([0, 1, 2, 3, 4, 5, 6])
    expect(types.at(-1)).toBe('IEND')
  })

  it.each([0.5, 20, 23.976, 29.97, 90])('shows each frame for 1/%d s', async (fps) => {
    const { chunks } = await exportApng(`rate-${fps}.apng`, { fps })
    const controls = chunks.filter(({ type }) => type === 'fcTL')
    expect(controls).toHaveLength(4)
    for (const { data } of controls) {
      expect(data.readUInt16BE(20) / data.readUInt16BE(22)).toBeCloseTo(1 / fps, 7)
    }
  })

  it('repeats for ever or plays once, as requested', async () => {
    const plays = async (repeat: Repeat) =>
      dataOf((await exportApng(`repeat-${repeat}.apng`, { repeat })).chunks, 'acTL').readUInt32BE(4)
    expect(await plays('forever')).toBe(0)
    expect(await plays('once')).toBe(1)
  })

  it('shows its first frame in decoders without animation support, and contains the provenance', async () => {
    const { file, chunks } = await exportApng('still.apng', {}, '{"name":"Äpfel"}')
    expect(await decodePng(file)).toEqual(frames[0])
    const text = dataOf(chunks, 'iTXt')
    expect(inflateSync(text.subarray(text.indexOf(0) + 5)).toString()).toBe('{"name":"Äpfel"}')
  })
})
