import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { openPicture, readPictureInfo } from '#engine/image/decodePicture'
import { mutantsOf } from '../../../fixtures/mutants'
import { picturePath } from '../../../fixtures/picturePath'

const folder = mkdtempSync(join(tmpdir(), 'slerp-mutants-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** `npm run bench mutants` tries thousands. */
const mutantsOfEach = 12

it.each(readdirSync(picturePath('.')).filter((name) => extname(name) !== '.py'))(
  'damaged copies of %s either open or are rejected as BAD_PICTURE',
  async (name) => {
    const mutants = mutantsOf(readFileSync(picturePath(name)), 2026)
    const path = join(folder, `mutant${extname(name)}`)
    for (let i = 0; i < mutantsOfEach; i++) {
      writeFileSync(path, mutants.next().value)
      const error: unknown = await openPicture(path).then(
        () => null,
        (thrown: unknown) => thrown,
      )
      // Any error other than a sentence for the user would be reported as a bug of this program.
      if (error)
        expect(error).toMatchObject({ code: 'BAD_PICTURE', message: expect.stringMatching(/^"[^\n]+\.$/) })
      // An intact file of a kind that is not read is refused before it is decoded.
      if (error && / Save it /.test((error as Error).message))
        await expect(readPictureInfo(path)).rejects.toEqual(error)
    }
  },
)
