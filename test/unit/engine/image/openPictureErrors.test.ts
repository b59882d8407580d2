import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateSync, inflateSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { encodePngChunk } from '#engine/image/containers/pngChunks'
import { openPicture } from '#engine/image/decodePicture'
import { encodePngHead, pngEnd } from '#engine/image/pngWriter'
import { picturePath } from '../../../fixtures/picturePath'
import { dataOf, readPngChunks } from '../../../fixtures/readPng'

const folder = mkdtempSync(join(tmpdir(), 'slerp-pictures-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Writes an RGB picture with the given bytes as its pixel data. */
function writePng(name: string, width: number, height: number, pixelData: Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(
    path,
    Buffer.concat([encodePngHead(width, height, 3), encodePngChunk('IDAT', pixelData), pngEnd]),
  )
  return path
}

function expectRefused(path: string, code: string, sentence: string | RegExp) {
  return expect(openPicture(path)).rejects.toMatchObject({
    code,
    message:
      typeof sentence === 'string' ? expect.stringContaining(sentence) : expect.stringMatching(sentence),
  })
}

describe('openPicture refuses', () => {
  it('a path that does not exist', () => expectRefused(join(folder, 'none.png'), 'NOT_FOUND', 'none.png'))

  it('a folder', () => expectRefused(folder, 'UNREADABLE', 'is a folder'))

  it('a symbolic link to itself', () => {
    symlinkSync('loop.png', join(folder, 'loop.png'))
    return expectRefused(join(folder, 'loop.png'), 'UNREADABLE', 'leads back to itself')
  })

  it('a named pipe, instead of waiting for a writer', () => {
    execFileSync('mkfifo', [join(folder, 'pipe.png')])
    return expectRefused(join(folder, 'pipe.png'), 'UNREADABLE', 'a pipe')
  })

  it.runIf(process.platform === 'linux')(
    'a device and a generated file, which report a size of 0',
    async () => {
      await expectRefused('/dev/zero', 'UNREADABLE', 'a device')
      // Generated while it is read; the system reports a size of 0.
      await expectRefused('/proc/self/status', 'BAD_PICTURE', 'is empty')
    },
  )

  it.runIf(process.platform === 'linux')('a file whose name is not UTF-8, and says so', async () => {
    const name = Buffer.concat([Buffer.from(join(folder, 'caf')), Buffer.from([0xe9]), Buffer.from('.png')])
    writeFileSync(name, readFileSync(picturePath('upright.png')))
    // A command line passes the name with a replacement character.
    await expectRefused(name.toString('utf8'), 'NOT_FOUND', 'not written in UTF-8')
  })

  it('a file over 100 MB, before it is read', () => {
    writeFileSync(join(folder, 'large.png'), '')
    truncateSync(join(folder, 'large.png'), 100_000_001)
    return expectRefused(join(folder, 'large.png'), 'BAD_PICTURE', 'the limit is 100 MB')
  })

  it('a side over 30,000 pixels, from the header alone', () =>
    expectRefused(
      writePng('long.png', 30_001, 1, Buffer.alloc(0)),
      'BAD_PICTURE',
      '30,001 x 1 pixels; the limit is',
    ))

  it('more pixels than 8192 x 8192, from the header alone', () =>
    expectRefused(writePng('many.png', 8193, 8192, Buffer.alloc(0)), 'BAD_PICTURE', 'the limit is 67.1'))

  it('truncated pixel data in an intact container, which decoders show as black', () => {
    const halfOfTheRows = deflateSync(Buffer.alloc(50 * (1 + 3 * 100)))
    return expectRefused(
      writePng('short.png', 100, 100, halfOfTheRows),
      'BAD_PICTURE',
      'part of its pixel data is missing',
    )
  })

  it.each(['right-half-transparent.png', 'interlaced-alpha.png'])(
    'truncated pixel data in %s, where transparent pixels are no sign of damage',
    async (name) => {
      const whole = readFileSync(picturePath(name))
      const pixelData = inflateSync(dataOf(readPngChunks(whole), 'IDAT'))
      const shortened = deflateSync(pixelData.subarray(0, pixelData.length - 1))
      const header = encodePngChunk('IHDR', dataOf(readPngChunks(whole), 'IHDR'))
      const chunks = [header, encodePngChunk('IDAT', shortened), pngEnd]
      const path = join(folder, `short-${name}`)
      writeFileSync(path, Buffer.concat([whole.subarray(0, 8), ...chunks]))
      await expectRefused(path, 'BAD_PICTURE', 'part of its pixel data is missing')
    },
  )

  it('pixel data that is not a zlib stream', () =>
    expectRefused(
      writePng('noise.png', 100, 100, Buffer.from('no zlib stream')),
      'BAD_PICTURE',
      'cannot be decoded',
    ))

  it('a damaged picture with one sentence that names the file but not its folder', () =>
    expectRefused(writePng('short.png', 9, 9, Buffer.alloc(3)), 'BAD_PICTURE', /^"short\.png" [^\n]*\.$/))
})

it('openPicture decodes a picture correctly after a damaged one', async () => {
  await openPicture(writePng('damaged.png', 40, 24, Buffer.alloc(9))).catch(() => undefined)
  const { data } = await openPicture(picturePath('upright.png'))
  expect([...data.subarray(0, 4)]).toEqual([220, 30, 30, 255])
})
