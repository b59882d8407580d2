import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { findSourcePart, sha256Of, type Archive } from '#engine/project/archive'
import { unpackSource } from '#engine/project/openProject'

it('says that a folder cannot be unpacked to, in one sentence (would catch an internal error)', async () => {
  const bytes = Buffer.from('a picture')
  const sha256 = sha256Of(bytes)
  const archive: Archive = {
    parts: { [`pictures/${sha256}.png`]: { sha256 } },
    has: () => true,
    read: () => Promise.resolve(bytes),
  }
  const file = join(mkdtempSync(join(tmpdir(), 'unpack-')), 'file')
  writeFileSync(file, 'a file of the user')
  await expect(unpackSource(archive, sha256, join(file, 'pictures'))).rejects.toMatchObject({
    code: 'UNWRITABLE',
    message: expect.stringContaining('lies below something that is not a folder') as string,
  })
})

it('looks through the parts of a project once for all files (would catch a project of thousands that takes minutes)', () => {
  let listings = 0
  const names = ['a', 'b'].map((text) => `pictures/${sha256Of(Buffer.from(text))}.png`)
  const parts = new Proxy(Object.fromEntries(names.map((name) => [name, { sha256: '' }])), {
    ownKeys(target) {
      listings++
      return Reflect.ownKeys(target)
    },
  })
  const found = ['a', 'b', 'c'].map((text) =>
    findSourcePart({ parts }, 'pictures', sha256Of(Buffer.from(text))),
  )
  expect(found).toEqual([...names, undefined])
  expect(listings).toBe(1)
})
