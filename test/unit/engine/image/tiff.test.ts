import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { openPicture, readPictureInfo } from '#engine/image/decodePicture'
import { type TiffOptions, writeTiff } from '../../../fixtures/tiffFile'

const folder = mkdtempSync(join(tmpdir(), 'slerp-tiff-'))
afterAll(() => rmSync(folder, { recursive: true }))

function open(bytes: Buffer) {
  const path = join(folder, 'picture.tif')
  writeFileSync(path, bytes)
  return openPicture(path)
}

const size = { width: 37, height: 301 }
const mixed = (bits: number) => (x: number, y: number, channel: number) =>
  (x * 977 + y * 331 + channel * 12345 + x * y) % 2 ** bits

const layouts: [string, Omit<TiffOptions, 'width' | 'height' | 'sample'>][] = [
  ['one strip', { bits: 8, channels: 3, photometric: 2 }],
  ['strips of an odd height', { bits: 8, channels: 3, photometric: 2, rows: 7 }],
  ['a strip for each row', { bits: 8, channels: 3, photometric: 2, rows: 1 }],
  ['tiles that reach beyond the picture', { bits: 8, channels: 3, photometric: 2, tile: 16 }],
  ['a plane for each colour', { bits: 8, channels: 3, photometric: 2, planar: true, rows: 50 }],
  ['tiles of planes', { bits: 8, channels: 3, photometric: 2, planar: true, tile: 32 }],
  ['differences', { bits: 8, channels: 3, photometric: 2, predictor: true, deflated: true, rows: 9 }],
  ['16 bits', { bits: 16, channels: 3, photometric: 2, rows: 20 }],
  ['16 bits, the high byte first', { bits: 16, channels: 3, photometric: 2, bigEndian: true, rows: 20 }],
  [
    '16 bits, the high byte first, in differences',
    { bits: 16, channels: 3, photometric: 2, bigEndian: true, predictor: true, deflated: true },
  ],
  ['16 bits of grey in tiles', { bits: 16, tile: 48, deflated: true }],
  ['4 bits of grey', { bits: 4, rows: 11 }],
  ['2 bits of grey in tiles', { bits: 2, tile: 16 }],
  ['black and white, the lowest bit first', { bits: 1, rows: 20, lowBitFirst: true }],
  ['4 bits of grey, the lowest bit first', { bits: 4, tile: 16, lowBitFirst: true }],
  ['deflated bytes, the lowest bit first', { bits: 8, deflated: true, lowBitFirst: true }],
  ['16 bits, the lowest bit first', { bits: 16, lowBitFirst: true }],
  ['a fourth sample without meaning', { bits: 8, channels: 4, photometric: 2, rows: 9 }],
  ['a fourth plane without meaning', { bits: 8, channels: 4, photometric: 2, planar: true }],
  ['a second sample of grey without meaning', { bits: 16, channels: 2 }],
  ['black and white', { bits: 1, photometric: 0, rows: 300, deflated: true }],
]

describe('a TIFF picture', () => {
  it.each(layouts)('with %s decodes to the samples that were written', async (_, layout) => {
    const sample = mixed(layout.bits)
    const { data, width, height } = await open(writeTiff({ ...size, ...layout, sample }))
    expect([width, height]).toEqual([size.width, size.height])
    const most = 2 ** layout.bits - 1
    const expected = new Uint8ClampedArray(data.length).fill(255)
    for (let i = 0; i < width * height; i++) {
      for (let channel = 0; channel < 3; channel++) {
        const value = sample(i % width, Math.floor(i / width), layout.photometric === 2 ? channel : 0)
        const light = layout.photometric === 0 ? most - value : value
        expected[i * 4 + channel] = (light / most) * 255
      }
    }
    expect(Buffer.from(data).equals(Buffer.from(expected))).toBe(true)
  })

  /** What Pillow opens too, and libtiff with a warning. */
  describe('of 16 x 16 pixels that states a wrong length of its strips', () => {
    const square = { width: 16, height: 16, bits: 8, sample: mixed(8) } as const
    const lengths = [300, 200, 0, null]

    it.each([
      ...lengths.map((claimedLength) => ({ claimedLength })),
      ...lengths.map((claimedLength) => ({ claimedLength, rows: 5 })),
      { claimedLength: 0, tile: 16, lowBitFirst: true },
      ...[9999, 0, null].map((claimedLength) => ({ claimedLength, deflated: true, rows: 16 })),
    ])('shows every pixel: %o (would catch a whole picture called truncated)', async (wrong) => {
      const sound = await open(writeTiff({ ...square, ...wrong, claimedLength: undefined }))
      expect((await open(writeTiff({ ...square, ...wrong }))).data).toEqual(sound.data)
    })

    it.each([{}, { claimedLength: 300 }, { claimedLength: null }, { deflated: true }])(
      'is refused if the last of its bytes are missing, without being opened: %o',
      async (wrong) => {
        const path = join(folder, 'cut.tif')
        writeFileSync(path, writeTiff({ ...square, ...wrong }).subarray(0, -9))
        await expect(readPictureInfo(path)).rejects.toMatchObject({ code: 'BAD_PICTURE' })
      },
    )
  })

  it('with the lowest bit first and strips of unknown length takes no longer for bytes behind them (would catch minutes spent on each strip to the end of the file)', async () => {
    const strips = { ...size, bits: 8, sample: mixed(8), rows: 1, deflated: true, lowBitFirst: true } as const
    const sound = await open(writeTiff(strips))
    const tail = Buffer.alloc(16 * 2 ** 20)
    const before = process.cpuUsage()
    const { data } = await open(Buffer.concat([writeTiff({ ...strips, claimedLength: null }), tail]))
    const { user } = process.cpuUsage(before)
    expect(data).toEqual(sound.data)
    // In microseconds: 301 strips of 16 MiB are 5 GB, the file is 17 MB.
    expect(user).toBeLessThan(2e6)
  })

  it('shows the lowest bit of a byte first if its FillOrder is 2', async () => {
    const one = { width: 8, height: 1, bits: 1, sample: (x: number) => (x === 0 ? 1 : 0) } as const
    const file = writeTiff({ ...one, lowBitFirst: true })
    expect(file.at(-1)).toBe(0x01)
    const { data } = await open(file)
    expect([...data].filter((_, i) => i % 4 === 0)).toEqual([255, 0, 0, 0, 0, 0, 0, 0])
  })

  it('in YCbCr is read if each pixel has its colours (the red of JFIF)', async () => {
    const red = (_x: number, _y: number, channel: number) => [76, 85, 255][channel]
    const { data } = await open(
      writeTiff({ ...size, bits: 8, channels: 3, photometric: 6, subsampling: [1, 1], sample: red }),
    )
    expect([...data.subarray(0, 4)]).toEqual([254, 0, 0, 255])
  })

  const ycbcr = { bits: 8, channels: 3, photometric: 6 } as const

  /** TIFF 6.0, section 21, with the usual coefficients and the full range. */
  const rgbOf = (y: number, cb: number, cr: number) => {
    const [red, blue] = [y + 1.402 * (cr - 128), y + 1.772 * (cb - 128)]
    return [red, (y - 0.299 * red - 0.114 * blue) / 0.587, blue]
  }

  it.each<[what: string, shared: readonly [number, number], more: Partial<TiffOptions>]>([
    ['2 x 2 pixels', [2, 2], {}],
    ['2 x 1 pixels in strips', [2, 1], { rows: 7 }],
    ['2 x 2 pixels in strips', [2, 2], { rows: 16 }],
    ['4 x 2 pixels, deflated', [4, 2], { rows: 30, deflated: true }],
    ['1 x 2 pixels', [1, 2], { rows: 2 }],
    ['4 x 4 pixels in tiles, the high byte first', [4, 4], { tile: 16, bigEndian: true }],
  ])('in YCbCr is read if %s share their colours', async (_, [across, down], more) => {
    // Moderate colours, so that none is clipped and all are told apart.
    const sample = (x: number, y: number, channel: number) => 110 + ((x * 7 + y * 13 + channel * 5) % 31)
    const { data, width, height } = await open(
      writeTiff({ ...size, ...ycbcr, ...more, subsampling: [across, down], sample }),
    )
    expect([width, height]).toEqual([size.width, size.height])
    const expected = new Uint8ClampedArray(data.length).fill(255)
    for (let i = 0; i < width * height; i++) {
      const [x, y] = [i % width, Math.floor(i / width)]
      const of = (channel: number) => sample(x - (x % across), y - (y % down), channel)
      expected.set(rgbOf(sample(x, y, 0), of(1), of(2)), i * 4)
    }
    expect(Buffer.from(data).equals(Buffer.from(expected))).toBe(true)
  })

  it('in YCbCr shares colours among 2 x 2 pixels if no tag says otherwise', async () => {
    const tagged = writeTiff({ ...size, ...ycbcr, subsampling: [2, 2], sample: mixed(8) })
    // The number of the tag is replaced by one without a meaning.
    const untagged = Buffer.from(tagged)
    untagged.writeUInt16LE(65_000, tagged.indexOf(Buffer.from([0x12, 2, 3, 0, 2, 0, 0, 0])))
    expect((await open(untagged)).data).toEqual((await open(tagged)).data)
  })

  // The range of video (ITU-R BT.601), and the coefficients of BT.709.
  it.each<[what: string, samples: readonly number[], tags: TiffOptions['tags'], expected: readonly number[]]>(
    [
      ['the white of video', [235, 128, 128], [[532, 5, [16, 235, 128, 240, 128, 240]]], [255, 255, 255]],
      ['the black of video', [16, 128, 128], [[532, 5, [16, 235, 128, 240, 128, 240]]], [0, 0, 0]],
      // Brightness 100, 10 more blue-difference and 20 more red-difference.
      ['the coefficients of BT.709', [100, 138, 148], [[529, 5, [0.2126, 0.7152, 0.0722]]], [131, 89, 119]],
      ['a range without extent, as none', [76, 85, 255], [[532, 5, [0, 0, 128, 128, 128, 128]]], [254, 0, 0]],
    ],
  )('in YCbCr has the colours of its tags: %s', async (_, samples, tags, expected) => {
    const sample = (_x: number, _y: number, channel: number) => samples[channel]
    for (const subsampling of [
      [1, 1],
      [2, 2],
    ] as const) {
      const { data } = await open(writeTiff({ ...size, ...ycbcr, tags, subsampling, sample }))
      expect([...data.subarray(0, 3)]).toEqual(expected)
    }
  })

  it.each<[what: string, more: Partial<TiffOptions>]>([
    ['planes', { planar: true }],
    ['16 bits', { bits: 16 }],
    ['differences', { predictor: true }],
    ['3 x 2 pixels', { subsampling: [3, 2] }],
  ])('in YCbCr with fewer colours than pixels is called unread, not truncated: %s', async (_, more) => {
    const file = writeTiff({ ...size, ...ycbcr, subsampling: [2, 2], sample: () => 128, ...more })
    await expect(open(file)).rejects.toMatchObject({
      code: 'BAD_PICTURE',
      message: expect.stringMatching(
        /subsampled YCbCr\) in a way that is not read\. Save it as RGB/,
      ) as string,
    })
  })

  it('in YCbCr is called truncated if a unit of shared colours is missing', async () => {
    const file = writeTiff({ ...size, ...ycbcr, rows: size.height, subsampling: [2, 2], sample: mixed(8) })
    await expect(open(file.subarray(0, -6))).rejects.toMatchObject({
      code: 'BAD_PICTURE',
      message: expect.stringContaining('is truncated') as string,
    })
  })

  it('with too few samples for its colours is called damaged', async () => {
    const file = writeTiff({ ...size, bits: 8, channels: 2, photometric: 2, sample: mixed(8) })
    await expect(open(file)).rejects.toMatchObject({
      code: 'BAD_PICTURE',
      message: expect.stringContaining('too few samples for its colours (TIFF)') as string,
    })
  })

  // TIFF 6.0, section 5: three values for each of the 2^bits numbers.
  it.each([0, 3 * 4, 3 * 17])(
    'with a palette of %i values for 16 colours is called damaged (would catch a black picture)',
    async (length) => {
      const colours = Array.from({ length }, () => 40_000)
      const tags = length > 0 ? [[320, 3, colours] as [number, number, number[]]] : []
      const file = writeTiff({ ...size, bits: 4, photometric: 3, tags, sample: mixed(4) })
      await expect(open(file)).rejects.toMatchObject({
        code: 'BAD_PICTURE',
        message: expect.stringContaining('its palette does not hold the 16 colours') as string,
      })
    },
  )

  it('with a whole palette shows its colours', async () => {
    const colours = Array.from({ length: 3 * 16 }, (_, i) => (i === 5 || i === 37 ? 65_535 : 0))
    const file = writeTiff({ ...size, bits: 4, photometric: 3, tags: [[320, 3, colours]], sample: () => 5 })
    expect([...(await open(file)).data.subarray(0, 4)]).toEqual([255, 0, 255, 255])
  })

  it.each([
    [2, 'signed integers'],
    [3, 'floating-point numbers'],
    [4, 'samples without a stated meaning'],
    [6, 'complex numbers'],
  ])('of samples of format %i is said to be of %s', async (format, kind) => {
    const file = writeTiff({ ...size, bits: 16, tags: [[339, 3, [format]]], sample: mixed(16) })
    await expect(open(file)).rejects.toMatchObject({
      code: 'BAD_PICTURE',
      message: expect.stringContaining(`is a TIFF picture of ${kind}, which is not read. Save`) as string,
    })
  })

  it('in CMYK is read, and refused with a profile of its inks (would catch other colours without a word)', async () => {
    const inks = { ...size, bits: 8, channels: 4, photometric: 5, sample: mixed(8) } as const
    await expect(open(writeTiff(inks))).resolves.toMatchObject(size)
    await expect(open(writeTiff({ ...inks, tags: [[34675, 7, [0, 0, 0, 0, 0]]] }))).rejects.toMatchObject({
      code: 'BAD_PICTURE',
      message: expect.stringMatching(
        /in CMYK with a colour profile, which is not read\. Save it as RGB/,
      ) as string,
    })
  })

  it('with a truncated strip is rejected instead of padded (would catch a grey bar at the bottom)', async () => {
    const bytes = writeTiff({ ...size, bits: 8, deflated: true, sample: mixed(8), rows: 100 })
    // Claims to be higher than its strips are: the last one has too few rows.
    const height = bytes.indexOf(Buffer.from([1, 1, 4, 0, 1, 0, 0, 0]))
    bytes.writeUInt32LE(350, height + 8)
    await expect(open(bytes)).rejects.toMatchObject({
      code: 'BAD_PICTURE',
      message: expect.stringContaining('is truncated: part of its pixel data is missing') as string,
    })
  })

  it('with a single strip too large to decode is rejected by its header, with a remedy', async () => {
    const bytes = writeTiff({ width: 16, height: 16, bits: 16, channels: 3, photometric: 2, sample: () => 0 })
    for (const tag of [256, 257, 278]) {
      const at = bytes.indexOf(Buffer.from([tag & 255, tag >> 8, 4, 0, 1, 0, 0, 0]))
      bytes.writeUInt32LE(8000, at + 8)
    }
    await expect(open(bytes)).rejects.toMatchObject({
      code: 'BAD_PICTURE',
      message: expect.stringMatching(/stored in pieces of 384 MB.*Save it in smaller strips/) as string,
    })
  })
})
