import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { sha256Of, type Archive } from '#engine/project/archive'
import { unpackSource } from '#engine/project/openProject'

it('says that a folder cannot be unpacked to, in one sentence (would catch an internal error)', async () => {
  const bytes = Buffer.from('a picture')
  const sha256 = sha256Of(bytes)
  const archive: Archive = {
    parts: { [`pictures/${sha256}.png`]: { sha256 } },
    read: () => Promise.resolve(bytes),
  }
  const file = join(mkdtempSync(join(tmpdir(), 'unpack-')), 'file')
  writeFileSync(file, 'a file of the user')
  await expect(unpackSource(archive, sha256, join(file, 'pictures'))).rejects.toMatchObject({
    code: 'UNWRITABLE',
    message: expect.stringContaining('lies below something that is not a folder') as string,
  })
})
