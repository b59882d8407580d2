import { createHash } from 'node:crypto'
import { copyFile, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { isPicture } from '#shared/documentLatents'
import { withArchive, type Archive } from '../../../../src/engine/project/archive'
import type { NewPart } from '../../../../src/engine/project/readableParts'
import { writeArchive } from '../../../../src/engine/project/writeArchive'
import { encodeNpy } from '#engine/model/weights/npy'
import { emptyFolder } from '../../../fixtures/exportTarget'
import { filmOf, samplePath, startEngine } from '../../../fixtures/projects'

const samples = ['apple-golden', 'tomato-heart', 'apple-red-yellow']

let folder: string
let photos: string
beforeEach(async () => {
  folder = emptyFolder()
  photos = join(folder, 'here', 'photos')
  await mkdir(photos, { recursive: true })
  for (const name of samples) await copyFile(samplePath(name), join(photos, `${name}.webp`))
})

const photo = (name: string): string => join(photos, `${name}.webp`)
const film = () => filmOf(samples.map(photo))
const project = () => join(folder, 'here', 'film.slerp')
/** The folder of another computer, which has computed nothing. */
const elsewhere = () => startEngine(join(folder, 'other computer'))

async function savedFilm(more: Record<string, unknown> = {}) {
  const engine = startEngine(join(folder, 'this computer'))
  const { document } = await engine.find(filmOf(samples.map(photo), more), [])
  const frames = await engine.show(document)
  await engine.save(project(), document)
  return { engine, document, frames }
}

const picturesIn = (path: string): Promise<string[]> =>
  withArchive(path, (archive) =>
    Promise.resolve(Object.keys(archive.parts).filter((name) => name.startsWith('pictures/'))),
  )

describe('a project file', () => {
  it('shows identical frames on another computer without evaluating anything', async () => {
    const { document, frames } = await savedFilm()
    await rm(photos, { recursive: true })
    const engine = elsewhere()
    const opened = await engine.open(project())
    expect([opened.missing, opened.problems]).toEqual([[], []])
    expect(opened.document.timeline).toEqual(document.timeline)
    expect(await engine.show(opened.document)).toEqual(frames)
    expect(engine.evaluations()).toBe(0)
  })

  it('includes latents of pictures with prompts for a model without text input (would catch a lookup by prompt on saving)', async () => {
    const { engine, document } = await savedFilm()
    const worded = document.pictures.map((picture) => ({ ...picture, prompt: 'an apple' }))
    const other = join(folder, 'here', 'worded.slerp')
    await engine.save(other, { ...document, pictures: worded })
    const there = elsewhere()
    const opened = await there.open(other)
    expect(opened.document.pictures[0].prompt).toBe('an apple')
    const pictures = opened.document.pictures.map(({ prompt: _, ...picture }) => picture)
    await there.show({ ...opened.document, pictures })
    expect(there.evaluations()).toBe(0)
  })

  it('finds pictures that moved with it, by their relative path', async () => {
    await savedFilm({ keepPictures: false })
    await rename(join(folder, 'here'), join(folder, 'there'))
    const { document, missing } = await elsewhere().open(join(folder, 'there', 'film.slerp'))
    expect(missing).toEqual([])
    expect(document.pictures[0].info.path).toBe(join(folder, 'there', 'photos', 'apple-golden.webp'))
  })

  it('finds missing pictures that arrive after it was saved again, by their relative path (would catch one made from the old place)', async () => {
    const at = (...names: string[]) => join(folder, ...names)
    for (const place of ['here', 'there']) await mkdir(at(place, 'films'), { recursive: true })
    const engine = elsewhere()
    const { document } = await engine.find(filmOf([photo(samples[0])], { keepPictures: false }), [])
    await engine.save(at('here', 'films', 'film.slerp'), document)
    const moved = at('there', 'films', 'film.slerp')
    await rename(at('here', 'films', 'film.slerp'), moved)
    await rename(photos, at('attic'))
    const opened = await engine.open(moved)
    expect(opened.missing).toEqual([photo(samples[0])])
    await engine.save(moved, opened.document, { from: moved })
    await rename(at('attic'), at('there', 'photos'))
    const again = await engine.open(moved)
    expect(again.missing).toEqual([])
    expect(again.document.pictures[0].info.path).toBe(at('there', 'photos', `${samples[0]}.webp`))
  })

  it('leads from another folder to the same missing files (would catch a relative path that leads to a different picture there)', async () => {
    const at = (...names: string[]) => join(folder, ...names)
    for (const place of ['a', 'b']) await mkdir(at(place, 'photos'), { recursive: true })
    const relativePath = 'photos/1.webp'
    const unkept = { version: 1, keepPictures: false }
    const picture = { id: 'p', info: { path: '/gone/1.webp' }, relativePath }
    const latent = { id: 'l', kind: 'file', path: '/gone/1.npy', relativePath: 'photos/1.npy' }
    const json = JSON.stringify({ ...unkept, pictures: [picture], latents: [latent] })
    const document = async function* (): AsyncGenerator<NewPart> {
      yield { name: 'document.json', bytes: Buffer.from(json) }
    }
    const [before, after] = [at('a', 'film.slerp'), at('b', 'film.slerp')]
    await writeArchive(before, document(), { overwrite: false })
    const engine = elsewhere()
    await engine.save(after, (await engine.open(before)).document, { from: before })
    await copyFile(samplePath(samples[1]), at('b', 'photos', '1.webp'))
    await writeFile(at('b', 'photos', '1.npy'), 'another latent')
    expect((await engine.open(after)).missing).toEqual(['/gone/1.webp', '/gone/1.npy'])
    await copyFile(samplePath(samples[0]), at('a', 'photos', '1.webp'))
    await writeFile(at('a', 'photos', '1.npy'), 'the latent')
    const { missing, document: found } = await engine.open(after)
    expect(missing).toEqual([])
    expect(found.pictures[0].info.path).toBe(at('a', 'photos', '1.webp'))
    expect(found.latents).toMatchObject([{ path: at('a', 'photos', '1.npy') }])
  })

  it('finds renamed pictures below its own folder, by content', async () => {
    await savedFilm({ keepPictures: false })
    await mkdir(join(folder, 'here', 'sorted'))
    await rename(photo('tomato-heart'), join(folder, 'here', 'sorted', 'IMG_0001.webp'))
    const { document, missing } = await elsewhere().open(project())
    expect(missing).toEqual([])
    expect(document.pictures[1].info.path).toBe(join(folder, 'here', 'sorted', 'IMG_0001.webp'))
  })

  it('keeps the timeline and frames of missing pictures, and a single search finds all pictures in a folder', async () => {
    const { document: before, frames } = await savedFilm({ keepPictures: false })
    const attic = join(folder, 'attic')
    await rename(photos, attic)
    const engine = elsewhere()
    const opened = await engine.open(project())
    expect(opened.missing).toEqual(samples.map(photo))
    expect(opened.document.timeline).toEqual(before.timeline)
    expect(await engine.show(opened.document)).toEqual(frames)
    const found = await engine.find(opened.document, [attic])
    expect(found.missing).toEqual([])
    expect(found.document.pictures.map(({ info }) => info.path)).toEqual(
      samples.map((name) => join(attic, `${name}.webp`)),
    )
    expect(await engine.show(found.document)).toEqual(frames)
    expect(engine.evaluations()).toBe(0)
  })

  it('keeps content that only the project holds when saved again (would catch a missing picture losing its latent)', async () => {
    const { frames } = await savedFilm()
    await rm(photos, { recursive: true })
    const engine = elsewhere()
    const { document } = await engine.open(project())
    await rm(join(folder, 'other computer'), { recursive: true })
    // An engine without any data: its cache is empty, and the pictures it unpacked are gone too.
    await startEngine(join(folder, 'other computer')).save(project(), document, { from: project() })
    const third = startEngine(join(folder, 'third computer'))
    const opened = await third.open(project())
    expect(opened.missing).toEqual([])
    expect(await third.show(opened.document)).toEqual(frames)
    expect(third.evaluations()).toBe(0)
  })

  it('holds no pictures with keepPictures off, and all pictures when collected', async () => {
    const { engine, document } = await savedFilm({ keepPictures: false })
    const collected = join(folder, 'collected.slerp')
    await engine.save(collected, document, { collect: true, from: project() })
    await rm(photos, { recursive: true })
    expect((await elsewhere().open(project())).missing).toHaveLength(3)
    expect((await elsewhere().open(collected)).missing).toEqual([])
  })

  it('keeps its pictures when a collected copy is saved elsewhere (would catch a copy that keeps no pictures from its first save on)', async () => {
    const { engine, document } = await savedFilm({ keepPictures: false })
    const collected = join(folder, 'collected.slerp')
    await engine.save(collected, document, { collect: true, from: project() })
    await rm(photos, { recursive: true })
    const there = elsewhere()
    const opened = await there.open(collected)
    expect(opened.document.keepPictures).toBe(true)
    await there.save(collected, opened.document, { from: collected })
    expect((await startEngine(join(folder, 'third computer')).open(collected)).missing).toEqual([])
  })

  it('keeps what only it holds with keepPictures off, and no picture that has a file (would catch pictures lost by turning it off)', async () => {
    await savedFilm()
    await rm(photo(samples[0]))
    const there = elsewhere()
    const { document } = await there.open(project())
    const lean = { ...document, keepPictures: false }
    await there.save(project(), lean, { from: project() })
    expect(await picturesIn(project())).toHaveLength(1)
    // The unpacked copy is gone too.
    await rm(join(folder, 'other computer'), { recursive: true })
    await there.save(project(), lean, { from: project() })
    expect(await picturesIn(project())).toHaveLength(1)
    expect((await startEngine(join(folder, 'third computer')).open(project())).missing).toEqual([])
  })

  it('keeps a pasted picture with keepPictures off (would catch one that lies only in the folder of the window)', async () => {
    const bytes = await readFile(samplePath(samples[0]))
    const pasted = join(folder, `${createHash('sha256').update(bytes).digest('hex')}.png`)
    await writeFile(pasted, bytes)
    const engine = startEngine(join(folder, 'this computer'))
    const paths = [pasted, photo(samples[1])]
    const { document } = await engine.find(filmOf(paths, { keepPictures: false }), [])
    await engine.save(project(), document)
    expect(await picturesIn(project())).toHaveLength(1)
  })

  it('is saved beside its previous version, which can be opened too', async () => {
    const { engine, document } = await savedFilm()
    await engine.save(project(), { ...document, notes: 'second' })
    await engine.save(project(), { ...document, notes: 'third' })
    expect((await readdir(join(folder, 'here'))).sort()).toEqual([
      'film.previous.slerp',
      'film.slerp',
      'photos',
    ])
    expect((await engine.open(project())).document.notes).toBe('third')
    expect((await engine.open(join(folder, 'here', 'film.previous.slerp'))).document.notes).toBe('second')
  })

  it('has the same bytes for the same document, and other bytes for a changed document', async () => {
    const { engine, document } = await savedFilm()
    const first = await readFile(project())
    await engine.save(project(), document, { from: project() })
    expect((await readFile(project())).equals(first)).toBe(true)
    await engine.save(project(), { ...document, notes: 'more' }, { from: project() })
    expect((await readFile(project())).equals(first)).toBe(false)
  })

  describe.each(['kept.npy', 'kept.safetensors', 'kept.npz', 'Kept.PT', 'kept', 'kept.of my own'])(
    'with the latent file “%s”',
    (name) => {
      const saved = async () => {
        const latent = join(photos, name)
        await writeFile(latent, keptBytes)
        const latents = [{ id: 'f', name: 'Kept', kind: 'file', path: latent }]
        const engine = startEngine(join(folder, 'this computer'))
        const { document } = await engine.find(
          filmOf([photo(samples[0])], { latents, keepPictures: false }),
          [],
        )
        await engine.save(project(), document)
        await rm(latent)
        return document
      }
      const contentOf = async (path: string) => {
        const { document, missing } = await elsewhere().open(path)
        expect(missing).toEqual([])
        const [found] = document.latents
        return !isPicture(found) && found.kind === 'file' ? readFile(found.path) : null
      }

      it('includes it (would catch an ending that is written and not read)', async () => {
        await saved()
        expect(await contentOf(project())).toEqual(keptBytes)
      })

      it('takes it over from the previous project when the file is gone, also from one that kept no ending', async () => {
        const document = await saved()
        const old = join(folder, 'here', 'old.slerp')
        await withArchive(project(), (archive) =>
          writeArchive(old, withoutEndings(archive), { overwrite: false }),
        )
        for (const [at, from] of [project(), old].entries()) {
          const next = join(folder, 'here', `next ${at}.slerp`)
          const { leftOut } = await elsewhere().save(next, document, { from, collect: true })
          expect(leftOut).toEqual([])
          expect(await contentOf(next)).toEqual(keptBytes)
        }
      })
    },
  )

  it('includes a latent file of the maximum size (would catch the size limit of pictures applied to latents)', async () => {
    const engine = startEngine(join(folder, 'this computer'))
    const latent = join(photos, 'large.npy')
    const bytes = Buffer.alloc(256 * 2 ** 20)
    await writeFile(latent, bytes)
    // Its content is known, so that it need not be read as a latent, which takes long.
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const latents = [{ id: 'f', name: 'Large', kind: 'file', path: latent, sha256 }]
    await engine.save(project(), filmOf([photo(samples[0])], { latents, keepPictures: false }))
    expect((await stat(project())).size).toBeGreaterThan(256 * 2 ** 20)
    await rm(latent)
    expect((await elsewhere().open(project())).missing).toEqual([])
  })

  it('is saved without missing files, and the save lists them', async () => {
    const engine = startEngine(join(folder, 'this computer'))
    await rm(photo(samples[1]))
    const { leftOut } = await engine.save(project(), film())
    expect(leftOut).toEqual([photo(samples[1])])
    expect((await engine.open(project())).document.pictures).toHaveLength(3)
  })
})

/** A latent; the name of its file does not say what it is. */
const keptBytes = Buffer.from(encodeNpy({ data: Float32Array.of(1, 2, 3, 4), shape: [1, 1, 2, 2] }))

/** Latent files without the endings of their names, as version 0.2 wrote long ones. */
async function* withoutEndings(archive: Archive): AsyncGenerator<NewPart> {
  for (const name of Object.keys(archive.parts)) {
    yield { name: name.replace(/^(latents\/[0-9a-f]{64})\..*$/, '$1'), bytes: await archive.read(name) }
  }
}
