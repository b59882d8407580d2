import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { openPicture, type Picture, readPictureInfo } from '#engine/image/decodePicture'
import { picturePath } from '../../../fixtures/picturePath'

const folder = mkdtempSync(join(tmpdir(), 'slerp-endings-'))
afterAll(() => rmSync(folder, { recursive: true }))

const read = (name: string) => readFileSync(picturePath(name))

async function open(name: string, bytes: Uint8Array): Promise<Picture> {
  const path = join(folder, name)
  writeFileSync(path, bytes)
  return openPicture(path)
}

/** Whether a file opens; if it does, it has to show the same pixels as the complete file. */
async function opensWhole(name: string, bytes: Uint8Array, whole: Picture): Promise<boolean> {
  const picture = await open(name, bytes).catch((error: unknown) => {
    expect(error).toMatchObject({ code: 'BAD_PICTURE' })
    return null
  })
  if (picture)
    expect(Buffer.from(picture.data).equals(Buffer.from(whole.data)), `${bytes.length} bytes`).toBe(true)
  return picture !== null
}

describe('openPicture with a file truncated at any byte', () => {
  it.each([
    'upright.png',
    'interlaced-alpha.png',
    'orientation-6.png',
    'animated.png',
    'upright.jpg',
    'orientation-6.jpg',
    'progressive.jpg',
    'grey.jpg',
    'cmyk.jpg',
    'upright.webp',
    'right-half-transparent.webp',
    'upright.gif',
    'upright.avif',
    'upright.heic',
    'upright.tif',
    'jpeg.tif',
  ])('rejects %s or shows it whole, never in part', async (name) => {
    const bytes = read(name)
    const whole = await openPicture(picturePath(name))
    const opened: number[] = []
    for (let length = 0; length < bytes.length; length++) {
      if (await opensWhole(name, bytes.subarray(0, length), whole)) opened.push(length)
    }
    // Once all pixels are there, they stay: the lengths that open are consecutive up to the end.
    expect(opened).toEqual(opened.map((_, i) => bytes.length - opened.length + i))
  })
})

describe('openPicture shows the complete first picture of', () => {
  it.each([
    ['a GIF without its trailer', 'upright.gif', 1],
    ['a GIF without the last two bytes, the terminator of its pixel data and its trailer', 'upright.gif', 2],
    ['a PNG without its IEND chunk', 'upright.png', 12],
    ['a PNG that ends inside its IEND chunk', 'upright.png', 5],
    ['a JPEG without its end mark', 'upright.jpg', 2],
    ['a progressive JPEG without its end mark', 'progressive.jpg', 2],
    ['a CMYK JPEG without its end mark', 'cmyk.jpg', 2],
    ['an animation cut off behind its first frame', 'animated.gif', 20],
    ['an animated WebP cut off behind its first frame', 'animated.webp', 20],
    ['an animated PNG cut off behind its first frame', 'animated.png', 30],
  ])('%s', async (_, name, missing) => {
    const cut = read(name).subarray(0, -missing)
    expect(await opensWhole(name, cut, await openPicture(picturePath(name)))).toBe(true)
  })

  it('a PNG with a wrong checksum in its IEND chunk', async () => {
    const bytes = read('upright.png')
    bytes[bytes.length - 1] ^= 0xff
    expect(await opensWhole('end.png', bytes, await openPicture(picturePath('upright.png')))).toBe(true)
  })

  it.each([
    ['behind the end mark', read('upright.jpg')],
    ['where the end mark is missing', read('upright.jpg').subarray(0, -2)],
  ])('a JPEG with a phone’s trailing data %s', async (_, jpeg) => {
    // A second picture, bytes that resemble a segment, and a signature.
    const trailer = Buffer.concat([
      Buffer.from([0, 0, 1, 0x0a]),
      read('grey.jpg'),
      Buffer.from('\xff\x3c\0\x10SEFT', 'latin1'),
    ])
    const whole = await openPicture(picturePath('upright.jpg'))
    expect(await opensWhole('phone.jpg', Buffer.concat([jpeg, trailer]), whole)).toBe(true)
  })

  it.each(
    ['upright.avif', 'upright.heic'].flatMap((name) =>
      ['\n', 'sent from my phone\n', '\0\0\0\0', '\0\0\0\x01none'].map((text) => [name, text] as const),
    ),
  )('%s with %j after its end', async (name, text) => {
    const bytes = Buffer.concat([read(name), Buffer.from(text, 'latin1')])
    expect(await opensWhole(name, bytes, await openPicture(picturePath(name)))).toBe(true)
  })

  it('a GIF whose first frame is larger than its screen', async () => {
    const bytes = read('upright.gif')
    bytes.writeUInt16LE(8, 6)
    bytes.writeUInt16LE(0, 8)
    expect(await opensWhole('small.gif', bytes, await openPicture(picturePath('upright.gif')))).toBe(true)
  })

  it('a GIF with stray bytes between its blocks', async () => {
    const bytes = read('upright.gif')
    const blocks = 13 + 3 * 2 ** ((bytes[10] & 7) + 1)
    const stray = Buffer.concat([bytes.subarray(0, blocks), Buffer.alloc(3), bytes.subarray(blocks)])
    expect(await opensWhole('stray.gif', stray, await openPicture(picturePath('upright.gif')))).toBe(true)
  })

  it.each(['upright.avif', 'orientation-6.avif', 'swapped-profile.avif'])(
    '%s without its pixi box, which repeats the bit depth',
    async (name) => {
      const bytes = read(name)
      const pixi = bytes.indexOf('pixi')
      expect(pixi).toBeGreaterThan(0)
      bytes.write('skip', pixi, 'latin1')
      expect(await opensWhole(name, bytes, await openPicture(picturePath(name)))).toBe(true)
    },
  )
})

describe('openPicture refuses', () => {
  it.each(['upright.avif', 'upright.heic'])('%s that ends inside a second box of pixels', async (name) => {
    const bytes = Buffer.concat([read(name), Buffer.from('\0\0\x10\0mdat and no more', 'latin1')])
    await expect(open(name, bytes)).rejects.toThrow('is truncated: it ends inside its mdat box')
  })

  it('a JPEG cut in the middle, already in readPictureInfo', async () => {
    const path = join(folder, 'half.jpg')
    const bytes = read('orientation-6.jpg')
    const scan = bytes.indexOf(Buffer.from([0xff, 0xda]))
    writeFileSync(path, bytes.subarray(0, scan + 14 + Math.floor((bytes.length - scan - 14) / 2)))
    await expect(readPictureInfo(path)).rejects.toMatchObject({ code: 'BAD_PICTURE' })
  })

  it('a transparent GIF with truncated pixel data, whose missing pixels look like transparent ones', async () => {
    const bytes = read('upright.gif')
    const blocks = 13 + 3 * 2 ** ((bytes[10] & 7) + 1)
    const control = Buffer.from([0x21, 0xf9, 4, 1, 0, 0, 0, 0])
    const frame = bytes.indexOf(0x2c, blocks)
    // One sub-block with a few codes, where there should be 960 pixels.
    const few = Buffer.concat([
      bytes.subarray(0, blocks),
      control,
      bytes.subarray(frame, frame + 11),
      Buffer.of(2, 8, 16, 0, 0x3b),
    ])
    await expect(open('few.gif', few)).rejects.toThrow('part of its pixel data is missing')
  })

  it.each([
    [12, 0xc0, 'is a JPEG of 12 bits a channel'],
    [8, 0xc3, 'is a lossless JPEG'],
    [8, 0xc5, 'is a hierarchical JPEG'],
  ])('a JPEG of %i bits with frame marker %i, and says why', async (bits, code, reason) => {
    const bytes = read('upright.jpg')
    const frame = bytes.indexOf(Buffer.from([0xff, 0xc0]))
    bytes[frame + 1] = code
    bytes[frame + 4] = bits
    await expect(open('kind.jpg', bytes)).rejects.toThrow(reason)
  })
})
