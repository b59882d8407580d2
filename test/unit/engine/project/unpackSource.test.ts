import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { findSourcePart, type Archive } from '#engine/project/archive'
import { unpackSource } from '#engine/project/openProject'
import type { NewPart } from '#engine/project/readableParts'
import { writeArchive } from '#engine/project/writeArchive'
import { sha256Of } from '#files/sha256'
import { emptyFolder } from '../../../fixtures/exportTarget'
import { startEngine } from '../../../fixtures/projects'

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

it('opens a project whose pictures cannot be unpacked, and says why once (would catch a full disk that hides all work)', async () => {
  const folder = emptyFolder()
  const path = join(folder, 'film.slerp')
  const files = ['a', 'b'].map((text) => ({ text, sha256: sha256Of(Buffer.from(text)) }))
  async function* parts(): AsyncGenerator<NewPart> {
    for (const { text, sha256 } of files) yield { name: `pictures/${sha256}.png`, bytes: Buffer.from(text) }
    const pictures = files.map(({ text, sha256 }) => ({
      id: text,
      info: { path: `/gone/${text}.png`, sha256, bytes: 1 },
    }))
    yield { name: 'document.json', bytes: Buffer.from(JSON.stringify({ version: 1, pictures })) }
  }
  await writeArchive(path, parts(), { overwrite: false })
  writeFileSync(join(folder, 'unpacked'), 'a file of the user')
  const { document, missing, problems } = await startEngine(folder).open(path)
  expect(document.pictures.map(({ id }) => id)).toEqual(['a', 'b'])
  expect(missing).toEqual(['/gone/a.png', '/gone/b.png'])
  expect(problems).toEqual([
    `Files that only the project contains are missing. Cannot write "${join(folder, 'unpacked')}": it is not a folder: choose another name.`,
  ])
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
