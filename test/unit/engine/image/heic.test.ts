import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { encodeIsoBox, isoBox, isoBoxes } from '#engine/image/containers/isoBoxes'
import { openPicture, readPictureInfo } from '#engine/image/decodePicture'
import { picturePath } from '../../../fixtures/picturePath'

const folder = mkdtempSync(join(tmpdir(), 'slerp-heic-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** upright.heic with one more property of its picture: a new `meta` at the end, the old one marked free. */
function heicWith(property: Buffer): Buffer {
  const bytes = readFileSync(picturePath('upright.heic'))
  const meta = isoBox(bytes, 'meta')
  const parts = [...isoBoxes(meta.subarray(4))].map(({ type, data }) => {
    if (type !== 'iprp') return encodeIsoBox(type, data)
    const [ipco, ipma] = [isoBox(data, 'ipco'), Buffer.from(isoBox(data, 'ipma'))]
    const index = [...isoBoxes(ipco)].length + 1
    // Version and flags, one picture, its number, then its number of properties.
    expect(ipma.readUInt32BE(4)).toBe(1)
    ipma[10]++
    const lines = Buffer.concat([ipma, Buffer.of(index | 0x80)])
    return encodeIsoBox(
      type,
      Buffer.concat([encodeIsoBox('ipco', Buffer.concat([ipco, property])), encodeIsoBox('ipma', lines)]),
    )
  })
  bytes.write('free', meta.byteOffset - bytes.byteOffset - 4, 'latin1')
  return Buffer.concat([bytes, encodeIsoBox('meta', Buffer.concat([meta.subarray(0, 4), ...parts]))])
}

it.each([
  // Orientation, and the colour then at the top left: the stored quarters are red, green / blue, grey.
  ['irot', Buffer.of(1), 24, 40, [30, 200, 30]],
  ['irot', Buffer.of(3), 24, 40, [30, 30, 220]],
  ['imir', Buffer.of(0), 40, 24, [30, 30, 220]],
  ['imir', Buffer.of(1), 40, 24, [30, 200, 30]],
])(
  'applies the %s property of a HEIC picture exactly once, to its reported size and its pixels',
  async (type, value, width, height, colour) => {
    const path = join(folder, 'turned.heic')
    writeFileSync(path, heicWith(encodeIsoBox(type, value)))
    expect(await readPictureInfo(path)).toMatchObject({ width, height, format: 'heic' })
    const { data } = await openPicture(path)
    colour.forEach((expected, i) => expect(Math.abs(data[i] - expected)).toBeLessThanOrEqual(2))
  },
)

it('opens a HEIC picture whose major brand is another member of the family', async () => {
  const bytes = readFileSync(picturePath('upright.heic'))
  bytes.write('heim', 8, 'latin1')
  const path = join(folder, 'brand.heic')
  writeFileSync(path, bytes)
  expect(await openPicture(path)).toMatchObject({ width: 40, height: 24 })
})
