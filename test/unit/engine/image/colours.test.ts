import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateSync, inflateSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { encodePngChunk } from '#engine/image/containers/pngChunks'
import { openPicture } from '#engine/image/decodePicture'
import { picturePath } from '../../../fixtures/picturePath'
import { readPngChunks } from '../../../fixtures/readPng'
import { type TiffOptions, writeTiff } from '../../../fixtures/tiffFile'

const folder = mkdtempSync(join(tmpdir(), 'slerp-colours-'))
afterAll(() => rmSync(folder, { recursive: true }))

const chunk = (type: string, ...values: number[]) => {
  const data = Buffer.alloc(values.length * 4)
  values.forEach((value, i) => data.writeUInt32BE(value, i * 4))
  return encodePngChunk(type, data)
}
const gamma = (value: number) => chunk('gAMA', Math.round(value * 100_000))
const displayP3 = chunk('cHRM', 31270, 32900, 68000, 32000, 26500, 69000, 15000, 6000)
const sRgb = encodePngChunk('sRGB', Buffer.of(0))
const codePoints = (primaries: number, transfer: number, range = 1) =>
  encodePngChunk('cICP', Buffer.of(primaries, transfer, 0, range))

/** The colour that a PNG of one pixel shows, given chunks that describe its colour space. */
async function shown(
  colour: readonly number[],
  chunks: readonly Buffer[],
  colourType = 2,
): Promise<number[]> {
  const path = join(folder, 'colour.png')
  const parts = [
    encodePngChunk('IHDR', Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 8, colourType, 0, 0, 0])),
    ...chunks,
    encodePngChunk('IDAT', deflateSync(Buffer.from([0, ...colour]))),
    encodePngChunk('IEND', Buffer.alloc(0)),
  ]
  writeFileSync(path, Buffer.concat([readFileSync(picturePath('upright.png')).subarray(0, 8), ...parts]))
  return [...(await openPicture(path)).data.subarray(0, 3)]
}

describe('the colours of an opened PNG match Chromium 156:', () => {
  // The right column was read from a canvas in Chromium.
  it.each([
    ['gAMA of 1 / 2.2 alone is sRGB', [gamma(1 / 2.2)], [16, 16, 239]],
    ['gAMA of 1 / 2.2 to within 5 % too', [gamma(0.44)], [16, 16, 239]],
    ['gAMA of 1 alone is linear light', [gamma(1)], [71, 71, 248]],
    ['gAMA of 0 says nothing', [gamma(0)], [16, 16, 239]],
    ['gAMA with cHRM is taken at its word', [gamma(1 / 2.2), displayP3], [7, 7, 250]],
    ['cHRM alone says nothing', [displayP3], [16, 16, 239]],
    ['sRGB goes before gAMA', [sRgb, gamma(1)], [16, 16, 239]],
    ['cICP of Display P3', [codePoints(12, 13)], [16, 16, 249]],
    ['cICP goes before all others', [codePoints(12, 13), gamma(1), sRgb], [16, 16, 249]],
    ['cICP of BT.709', [codePoints(1, 1)], [4, 4, 238]],
    ['cICP of linear light', [codePoints(1, 8)], [71, 71, 248]],
    ['cICP of BT.601 primaries', [codePoints(6, 13)], [31, 38, 240]],
    ['cICP of numbers that name nothing', [codePoints(2, 2)], [16, 16, 239]],
    ['cICP of a narrow range says nothing', [codePoints(12, 13, 0)], [16, 16, 239]],
  ])('%s', async (_, chunks, expected) => {
    const colour = await shown([16, 16, 239], chunks)
    colour.forEach((value, i) => expect(Math.abs(value - expected[i]), colour.join()).toBeLessThanOrEqual(1))
  })

  it('grey stays neutral under all primaries that cICP defines', async () => {
    for (const primaries of [1, 4, 5, 6, 7, 8, 9, 11, 12, 22]) {
      const colour = await shown([128, 128, 128], [codePoints(primaries, 13)])
      colour.forEach((value) => expect(Math.abs(value - 128)).toBeLessThanOrEqual(1))
    }
  })
})

// Half of the light of white is 188 in sRGB (IEC 61966-2-1).
const [linearGrey, grey] = [128, [188, 188, 188]]

describe('grey of linear light is converted:', () => {
  it.each([
    ['a PNG of grey', [linearGrey], 0],
    ['a PNG of grey and alpha', [linearGrey, 255], 4],
    ['a PNG of colours', [linearGrey, linearGrey, linearGrey], 2],
  ])('%s with cICP (would catch a profile of colours in a grey file)', async (_, samples, colourType) => {
    expect(await shown(samples, [codePoints(1, 8)], colourType)).toEqual(grey)
  })

  const profile = readPngChunks(readFileSync(picturePath('linear-grey-profile.png'))).find(
    ({ type }) => type === 'iCCP',
  )!
  // After a name that ends with 0, and the compression method.
  const bytes = inflateSync(profile.data.subarray(profile.data.indexOf(0) + 2))
  const tiffWith = async (options: Pick<TiffOptions, 'channels' | 'photometric' | 'sample'>) => {
    const path = join(folder, 'grey.tif')
    writeFileSync(
      path,
      writeTiff({ width: 3, height: 2, bits: 8, ...options, tags: [[34675, 7, [...bytes]]] }),
    )
    return [...(await openPicture(path)).data.subarray(0, 4)]
  }

  it('a TIFF with a profile of grey (would catch a profile that is ignored)', async () => {
    expect(await tiffWith({ sample: () => linearGrey })).toEqual([...grey, 255])
  })

  it('not the colours of a TIFF with such a profile (would catch a grey picture)', async () => {
    const sample = (_x: number, _y: number, channel: number) => [200, 90, 30][channel]
    expect(await tiffWith({ channels: 3, photometric: 2, sample })).toEqual([200, 90, 30, 255])
  })
})

/** A copy of swapped-profile.jpg or .webp with an EXIF block that gives its orientation. */
function turned(ending: 'jpg' | 'webp', orientation: number): Buffer {
  const exif = Buffer.concat([
    Buffer.from('Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0', 'latin1'),
    Buffer.from([orientation, 0, 0, 0]),
  ])
  const bytes = readFileSync(picturePath(`swapped-profile.${ending}`))
  if (ending === 'jpg') {
    const segment = Buffer.concat([Buffer.from([0xff, 0xe1, 0, exif.length + 2]), exif])
    return Buffer.concat([bytes.subarray(0, 2), segment, bytes.subarray(2)])
  }
  const head = Buffer.from('EXIF\0\0\0\0', 'latin1')
  head.writeUInt32LE(exif.length, 4)
  const padding = Buffer.alloc(bytes.length % 2)
  const file = Buffer.concat([bytes, padding, head, exif])
  file.writeUInt32LE(file.length - 8, 4)
  file[20] |= 8
  return file
}

describe('an ICC profile applies in every orientation:', () => {
  const orientations = [1, 2, 3, 4, 5, 6, 7, 8]
  it.each(['jpg', 'webp'] as const)('%s', async (ending) => {
    const sorted = orientations.map(async (orientation) => {
      const path = join(folder, `${orientation}.${ending}`)
      writeFileSync(path, turned(ending, orientation))
      const { data } = await openPicture(path)
      return Buffer.from(Uint32Array.from(new Uint32Array(data.buffer)).sort().buffer).toString('hex')
    })
    // The same pixels in another order: every orientation has the same number of each colour.
    expect(new Set(await Promise.all(sorted)).size).toBe(1)
  })
})

it('the fixture with a swapped profile contains an iCCP chunk', () => {
  expect(readPngChunks(readFileSync(picturePath('swapped-profile.png'))).map(({ type }) => type)).toContain(
    'iCCP',
  )
})
