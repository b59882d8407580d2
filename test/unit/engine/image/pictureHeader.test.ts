import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { checkPictureWhole, readPictureHeader } from '#engine/image/pictureHeader'
import { picturePath } from '../../../fixtures/picturePath'

function read(name: string): Buffer {
  return readFileSync(picturePath(name))
}

async function examine(bytes: Uint8Array): Promise<void> {
  readPictureHeader(bytes, 'picture')
  await checkPictureWhole(bytes, 'picture')
}

const everyFormat = ['upright.png', 'upright.jpg', 'upright.webp', 'upright.gif', 'upright.avif']
const richOnes = [
  'orientation-6.jpg',
  'progressive.jpg',
  'orientation-6.webp',
  'animated.gif',
  'animated.webp',
  'animated.png',
]

describe('readPictureHeader', () => {
  it.each(everyFormat)('reads the size of %s', (name) => {
    expect(readPictureHeader(read(name), name)).toMatchObject({ width: 40, height: 24, orientation: 1 })
  })

  it.each(['jpg', 'png', 'webp', 'avif'])(
    'returns the stored size and the orientation of a rotated %s',
    (ending) => {
      const header = readPictureHeader(read(`orientation-6.${ending}`), 'turned')
      expect(header).toMatchObject({ width: 40, height: 24, orientation: 6 })
    },
  )

  it.each([
    ['upright.png', true],
    ['upright.jpg', true],
    ['upright.webp', true],
    ['right-half-transparent.png', false],
    ['right-half-transparent.webp', false],
    // Its first frame need not cover the picture: the area it leaves open is not damage.
    ['animated.webp', false],
  ])('knows whether %s is certain to be opaque: %s', (name, opaque) => {
    expect(readPictureHeader(read(name), name).opaque).toBe(opaque)
  })

  it.each([
    ['animated.gif', 'frames'],
    ['animated.webp', 'frames'],
    ['animated.png', 'frames'],
    ['pages.tif', 'pages'],
    ['upright.gif', undefined],
    ['upright.webp', undefined],
    ['upright.png', undefined],
    ['upright.avif', undefined],
    ['upright.heic', undefined],
    ['upright.tif', undefined],
  ])('knows what %s contains besides its first picture: %s', (name, more) => {
    expect(readPictureHeader(read(name), name).more).toBe(more)
  })

  it('ignores a truncated second frame and a TIFF thumbnail, but recognises a second TIFF page', () => {
    const animated = read('animated.gif')
    const second = animated.indexOf(0x2c, animated.indexOf(0x2c, 0x0d) + 1)
    expect(readPictureHeader(animated.subarray(0, second + 4), 'cut.gif').more).toBeUndefined()
    // An additional directory with one entry: NewSubfileType (254), a long that says what its picture is.
    const still = read('upright.tif')
    const withKind = (kind: number) => {
      const file = Buffer.concat([still, Buffer.alloc(18)])
      const first = file.readUInt32LE(4)
      file.writeUInt32LE(still.length, first + 2 + file.readUInt16LE(first) * 12)
      for (const [at, value] of [1, 254, 4, 1, 0, kind].entries())
        file.writeUInt16LE(value, still.length + [0, 2, 4, 6, 8, 10][at])
      return file
    }
    expect(readPictureHeader(withKind(1), 'thumbnail.tif').more).toBeUndefined()
    expect(readPictureHeader(withKind(0), 'page.tif').more).toBe('pages')
  })

  it('detects the format by the bytes, not by the name', () => {
    expect(readPictureHeader(read('upright.jpg'), 'photo.png').format).toBe('jpeg')
  })

  it.each([
    ['', 'is empty'],
    ['just some words', 'is not a picture'],
    ['<svg xmlns="http://www.w3.org/2000/svg"/>', 'an SVG drawing'],
    ['<?xml version="1.0"?>\n<!-- made by hand -->\n<svg/>', 'an SVG drawing'],
    ['<!DOCTYPE html><title>404</title>', 'a web page'],
    ['%PDF-1.7', 'a PDF document'],
    ['PK\x03\x04rest', 'a ZIP archive'],
    ['\0\0\0\x20ftypisom', 'a video'],
    ['\0\0\0\x18ftypcrx isomcrx ', 'a camera raw file'],
    ['II*\0\x10\0\0\0CR\x02\0', 'a camera raw file'],
    ['IIRO\x08\0\0\0', 'a camera raw file'],
    ['FUJIFILMCCD-RAW 0201', 'a camera raw file'],
    // A DNG: its only field is its version.
    ['II*\0\x08\0\0\0\x01\0\x12\xc6\x01\0\x04\0\0\0\x01\x04\0\0', 'a camera raw file'],
    ['P6\n2 2\n255\n', 'a PPM picture'],
    ['P6 4 4 255\n', 'a PPM picture'],
    ['P6\r\n# made by hand\r\n4 4\r\n255\r\n', 'a PPM picture'],
    ['P5\n2 2\n255\n', 'a PGM picture'],
    ['P2\t2 2 255 0 0 0 0', 'a PGM picture'],
    ['P4\n8 1\n\0', 'a PBM picture'],
    ['P3 looks like a good title', 'is not a picture'],
    ['\xff\x0a\x30\x50', 'a JPEG XL picture'],
    ['\0\0\0\x0cJXL \x0d\x0a\x87\x0a', 'a JPEG XL picture'],
    ['qoif', 'a QOI picture'],
    ['RIFF\0\0\0\0AVI ', 'a video'],
    ['\x1a\x45\xdf\xa3', 'a video'],
    ['\0\0\x01\xb3\x14\0\xf0\x13', 'a video'],
    ['\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\0\xaa\0\x62\xce\x6c', 'a video'],
    ['\0\0\0\x08wide\0\0\x10\0mdat', 'a video'],
    ['\0\0\x10\0mdat', 'a video'],
    [`G${'\n'.repeat(187)}G`, 'a video'],
    [`\0\0\0\0G${'\0'.repeat(191)}G`, 'a video'],
  ])('rejects %j and says what kind of file it is', (text, expected) => {
    const reading = () => readPictureHeader(Buffer.from(text, 'latin1'), 'x.png')
    expect(reading).toThrow(
      expect.objectContaining({ code: 'BAD_PICTURE', message: expect.stringContaining(expected) }),
    )
  })

  it.each(['a.nef', 'a.ARW', 'a.dng'])(
    'recognises %s as a camera raw file although it begins like a TIFF picture',
    (name) => {
      const reading = () => readPictureHeader(readFileSync(picturePath('upright.tif')), name)
      expect(reading).toThrow('is a camera raw file')
    },
  )

  it('reports a damaged HEIC sequence as HEIC, not as a video', () => {
    const bytes = Buffer.concat([
      Buffer.from('\0\0\0\x18ftypmsf1\0\0\0\0msf1hevc', 'latin1'),
      Buffer.alloc(100),
    ])
    expect(() => readPictureHeader(bytes, 'x.heic')).toThrow(/\(HEIC\)/)
  })

  it('rejects a picture with a height of 0, by which a decoder might divide', () => {
    const bytes = read('upright.jpg')
    bytes.writeUInt16BE(0, bytes.indexOf(Buffer.from([0xff, 0xc0])) + 5)
    expect(() => readPictureHeader(bytes, 'x.jpg')).toThrow('declares a size of 40 x 0 pixels')
  })
})

describe('checkPictureWhole', () => {
  it.each([...everyFormat, ...richOnes])('accepts %s', async (name) => {
    await expect(examine(read(name))).resolves.toBeUndefined()
  })

  it('rejects a PNG with one wrong byte anywhere in its pixel data', async () => {
    const bytes = read('upright.png')
    const idat = bytes.indexOf('IDAT') + 4
    for (let at = idat; at < bytes.length - 16; at++) {
      const damaged = Buffer.from(bytes)
      damaged[at] ^= 0x10
      await expect(checkPictureWhole(damaged, 'x.png')).rejects.toThrow('wrong checksum in its IDAT chunk')
    }
  })

  it('throws only BAD_PICTURE, whichever bytes are changed', async () => {
    let state = 1
    const random = () => (state = (state * 48271) % 2147483647) / 2147483647
    let rejected = 0
    for (const name of [...everyFormat, ...richOnes]) {
      for (let round = 0; round < 300; round++) {
        const bytes = read(name)
        for (let i = 0; i < 4; i++) bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256)
        try {
          await examine(bytes)
        } catch (error) {
          expect(error).toMatchObject({ code: 'BAD_PICTURE' })
          rejected++
        }
      }
    }
    expect(rejected).toBeGreaterThan(0)
  })
})
