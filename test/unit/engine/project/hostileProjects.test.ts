import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { StudioError } from '#shared/errors'
import { withArchive } from '#engine/project/archive'
import type { NewPart } from '#engine/project/readableParts'
import { writeArchive } from '#engine/project/writeArchive'
import { emptyFolder } from '../../../fixtures/exportTarget'
import { hostileProjects } from '../../../fixtures/hostileProjects'
import { startEngine } from '../../../fixtures/projects'

/** Names that would appear on the disk if one led out of its folder. */
const suspicious = ['evil', 'evil.txt', 'pwned']

describe('hostile projects', () => {
  it('number at least 80', () => {
    expect(Object.keys(hostileProjects).length).toBeGreaterThanOrEqual(80)
  })

  it.each(Object.keys(hostileProjects))(
    '%s: gives a reason and writes nothing outside its folder',
    async (name) => {
      const folder = emptyFolder()
      const path = join(folder, 'film.slerp')
      await writeFile(path, hostileProjects[name])
      const engine = startEngine(join(folder, 'inside'))
      const reasons = await engine.open(path).then(
        ({ problems, missing }) => [...problems, ...missing],
        (error: unknown) => {
          expect(error).toBeInstanceOf(StudioError)
          expect((error as StudioError).code).toBe('BAD_PROJECT')
          return [(error as StudioError).message]
        },
      )
      expect(reasons.length, name).toBeGreaterThan(0)
      const written = await readdir(folder, { recursive: true })
      expect(written.filter((one) => suspicious.some((bad) => one.endsWith(bad)))).toEqual([])
      expect((await readdir(folder)).sort().filter((one) => one !== 'inside')).toEqual(['film.slerp'])
    },
  )

  it.each(['a document that is no JSON', 'a document that is a list', 'a version that is a text'])(
    '%s: is refused with what to do',
    async (name) => {
      const folder = emptyFolder()
      const path = join(folder, 'film.slerp')
      await writeFile(path, hostileProjects[name])
      await expect(startEngine(join(folder, 'inside')).open(path)).rejects.toThrow(
        /Open the previous version next to it/,
      )
    },
  )

  it('say what to do if they are no projects at all', async () => {
    const path = join(emptyFolder(), 'film.slerp')
    await writeFile(path, hostileProjects['a text'])
    await expect(withArchive(path, async () => null)).rejects.toThrow(
      /it is no project file.*; choose another file/,
    )
  })
})

describe('a small project of many parts (would catch seconds and gigabytes spent on a few kilobytes)', () => {
  const open = async (name: string) => {
    const folder = emptyFolder()
    const path = join(folder, 'film.slerp')
    await writeFile(path, hostileProjects[name])
    return startEngine(folder).open(path)
  }

  it.each([
    ['fifty frames of zeros', 'its parts would grow'],
    ['fifty frames that are the same bytes', 'overlaps another'],
    ['more hashes than a project has parts', 'it lists 100001 parts, at most 100000 are read'],
  ])('is refused for what it is, with what to do: %s', async (name, why) => {
    const sentence = new RegExp(`${why}.*; choose another file, or copy this one again\\.$`)
    await expect(open(name)).rejects.toThrow(sentence)
  })

  it('is told in one sentence how many of them are missing', async () => {
    const { problems } = await open('a hundred thousand hashes of parts that are not there')
    expect(problems).toEqual(['99,999 parts of the project are missing from its file and left out.'])
  })
})

describe('a project that names somebody’s private files (would catch keys that are passed on with a project)', () => {
  const secret = 'not for anybody else'

  /** A folder with a private file and a hostile project, which names it in every way. */
  async function openHostile() {
    const folder = emptyFolder()
    const [key, path] = [join(folder, '.ssh', 'id_rsa'), join(folder, 'downloads', 'film.slerp')]
    for (const file of [key, path]) await mkdir(dirname(file), { recursive: true })
    await writeFile(key, secret)
    const document = {
      version: 1,
      latents: [
        { id: 'f', name: 'Latent', kind: 'file', path: '', relativePath: '../.ssh/id_rsa', sha256: '' },
      ],
      pictures: [
        { id: 'p', name: 'Absolute', info: { path: key } },
        { id: 'h', name: 'Hashed', info: { path: key, sha256: '0'.repeat(64) } },
        { id: 'r', name: 'Relative', info: { path: '/gone.png' }, relativePath: '../.ssh/id_rsa' },
      ],
    }
    await writeArchive(path, partsOf(document), { overwrite: false })
    const engine = startEngine(join(folder, 'inside'))
    return { folder, key, engine, opened: await engine.open(path), from: path }
  }

  it.each([true, false])('is saved without them and lists them, collected: %s', async (collect) => {
    const { folder, key, engine, opened, from } = await openHostile()
    const copy = join(folder, 'copy.slerp')
    const { leftOut } = await engine.save(copy, opened.document, { from, collect })
    expect(new Set(leftOut)).toEqual(new Set([key, '/gone.png']))
    expect((await readFile(copy)).includes(secret)).toBe(false)
    expect(await withArchive(copy, async ({ parts }) => Object.keys(parts))).toEqual(['document.json'])
  })

  it('is saved with a file of known content, even if nothing reads it', async () => {
    const { folder, key, engine, opened } = await openHostile()
    const sha256 = createHash('sha256').update(secret).digest('hex')
    const latents = opened.document.latents.map((latent) => ({ ...latent, sha256 }))
    const copy = join(folder, 'copy.slerp')
    const { leftOut } = await engine.save(copy, { ...opened.document, pictures: [], latents })
    expect(leftOut).toEqual([])
    await rm(key)
    expect((await engine.open(copy)).missing).toEqual([])
  })
})

async function* partsOf(document: unknown): AsyncGenerator<NewPart> {
  yield { name: 'document.json', bytes: Buffer.from(JSON.stringify(document)) }
}
