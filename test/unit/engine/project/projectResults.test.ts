import { createHash } from 'node:crypto'
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import { beforeEach, describe, expect, it } from 'vitest'
import { createEngineHandlers } from '#engine/handlers'
import { encodePngChunk } from '#engine/image/containers/pngChunks'
import { encodePng } from '#engine/image/encodePicture'
import { readProvenance } from '#engine/animation/readProvenance'
import { withArchive } from '#engine/project/archive'
import { ContentCache } from '#files/ContentCache'
import { decodeSafetensors, encodeSafetensors } from '#engine/model/weights/safetensors'
import { engineRoutes } from '#shared/contract'
import { planOf } from '#shared/documentLatents'
import type { NewPart } from '#engine/project/readableParts'
import { writeArchive } from '#engine/project/writeArchive'
import { isVerified } from '#shared/project'
import { emptyFolder } from '../../../fixtures/exportTarget'
import { hostileProjects } from '../../../fixtures/hostileProjects'
import { quietContext } from '../../../fixtures/job'
import { noise } from '../../../fixtures/paint'
import { filmOf, model, samplePath, startEngine } from '../../../fixtures/projects'

const samples = ['apple-golden', 'tomato-heart', 'apple-red-yellow']

let folder: string
let photos: string
beforeEach(async () => {
  folder = emptyFolder()
  photos = join(folder, 'photos')
  await mkdir(photos)
  for (const name of samples) await copyFile(samplePath(name), join(photos, `${name}.webp`))
})

const paths = () => samples.map((name) => join(photos, `${name}.webp`))
const project = () => join(folder, 'film.slerp')

async function savedFilm(engine = startEngine(join(folder, 'here'))) {
  const { document } = await engine.find(filmOf(paths()), [])
  const frames = await engine.show(document)
  await engine.save(project(), document)
  return { document, frames }
}

/** Rewrites a project with some of its parts changed, and correct checksums. */
async function forge(path: string, change: (name: string, bytes: Buffer) => Buffer): Promise<void> {
  const parts = await withArchive(path, async (archive) => {
    const list: NewPart[] = []
    for (const [name, { key }] of Object.entries(archive.parts)) {
      list.push({ name, key, bytes: change(name, await archive.read(name)) })
    }
    return list
  })
  async function* all(): AsyncGenerator<NewPart> {
    yield* parts
  }
  await writeArchive(path, all(), { overwrite: true })
}

const forgeFrames = (change: (png: Buffer) => Buffer) =>
  forge(project(), (name, bytes) => (name.startsWith('frames/') ? change(bytes) : bytes))

/** Reverses the sign of every value of a latent: intact, finite, and wrong. */
function turnRound(name: string, bytes: Buffer): Buffer {
  if (!name.startsWith('latents/')) return bytes
  const { tensors, metadata } = decodeSafetensors(bytes)
  const turned = [...tensors].map(([key, { data, shape }]) => [key, { data: data.map((one) => -one), shape }])
  return Buffer.from(encodeSafetensors(Object.fromEntries(turned), metadata))
}

describe('the results in a project', () => {
  it('are used on a machine with another number of threads (would catch results that only the original machine finds)', async () => {
    const { frames } = await savedFilm()
    await rm(photos, { recursive: true })
    const engine = startEngine(join(folder, 'there'), { threads: 2 })
    const { document } = await engine.open(project())
    expect(await engine.show(document)).toEqual(frames)
    expect(engine.evaluations()).toBe(0)
  })

  /** Opens the project on a machine that computes with two threads, and exports its film there. */
  async function exportedThere() {
    const there = join(folder, 'there')
    const { document } = await startEngine(there, { threads: 2 }).open(project())
    const { decode, projectResults } = document
    const source = { ...model, threads: 2, projectResults }
    const target = { path: join(folder, 'film.gif'), format: 'gif', overwrite: true } as const
    const request = { model: source, plan: planOf(document)!, decode, target }
    const handlers = createEngineHandlers({ disk: new ContentCache(join(there, 'results')) })
    const report = await handlers['animation.export'](
      engineRoutes['animation.export'].input.parse(request),
      quietContext,
    )
    const { compute, framesFromProject } = report
    const { text } = (await readProvenance(target.path))!
    return { compute, framesFromProject, recorded: JSON.parse(text) as Record<string, unknown> }
  }

  it('are exported as frames of the project, and not of the machine that only wrote them (would catch a false record)', async () => {
    const { frames } = await savedFilm()
    expect(await exportedThere()).toMatchObject({
      compute: null,
      framesFromProject: frames.length,
      recorded: { compute: null, framesFromProject: frames.length },
    })
  })

  it('are told apart in an export from the frames that were computed for it', async () => {
    const { frames } = await savedFilm()
    let left = 1
    await forgeFrames((png) => (left-- > 0 ? Buffer.from('no picture') : png))
    expect(await exportedThere()).toMatchObject({
      compute: { threads: 2 },
      framesFromProject: frames.length - 1,
      recorded: { compute: { threads: 2 }, framesFromProject: frames.length - 1 },
    })
  })

  it('do not affect other work: a forged latent changes neither new computations nor another project', async () => {
    const { document, frames } = await savedFilm()
    const forged = join(folder, 'forged.slerp')
    await copyFile(project(), forged)
    await forge(forged, turnRound)
    const victim = startEngine(join(folder, 'victim'))
    const opened = await victim.open(forged)
    expect(opened.problems).toEqual([])
    // Requests everything that can be derived from it, pinned frames included.
    expect(await victim.show(opened.document)).not.toEqual(frames)
    const pinned = { ...opened.document, timeline: { ...opened.document.timeline, pinned: true } }
    await victim.show(pinned)
    const clean = startEngine(join(folder, 'clean'))
    expect(await victim.show(document)).toEqual(frames)
    const pinnedDocument = { ...document, timeline: { ...document.timeline, pinned: true } }
    expect(await victim.show(pinnedDocument)).toEqual(await clean.show(pinnedDocument))
    expect(await victim.show((await victim.open(project())).document)).toEqual(frames)
    // A new process finds nothing on the disk either.
    expect(await startEngine(join(folder, 'victim')).show(document)).toEqual(frames)
  })

  it('are recomputed if their shape is wrong (would catch a network that is given a tensor of another shape)', async () => {
    const { frames } = await savedFilm()
    await forge(project(), (name, bytes) => {
      if (!name.startsWith('latents/')) return name.startsWith('frames/') ? Buffer.from('no picture') : bytes
      const { tensors, metadata } = decodeSafetensors(bytes)
      const small = [...tensors].map(([key]) => [key, { data: new Float32Array(3), shape: [1, 3, 1, 1] }])
      return Buffer.from(encodeSafetensors(Object.fromEntries(small), metadata))
    })
    const engine = startEngine(join(folder, 'there'))
    const { document } = await engine.open(project())
    expect(await engine.show(document)).toEqual(frames)
  })

  it('are decoded again where a frame is a PNG signature with rubbish, which is reported as left out', async () => {
    const { frames } = await savedFilm()
    await forgeFrames((png) => Buffer.concat([png.subarray(0, 8), Buffer.from('rubbish')]))
    const engine = startEngine(join(folder, 'there'))
    const { document, problems } = await engine.open(project())
    expect(problems.length).toBeGreaterThan(0)
    for (const problem of problems)
      expect(problem).toMatch(/“frames\/.*” is not what it says it is, and is left out/)
    expect(await engine.show(document)).toEqual(frames)
  })

  it.each([
    ['of another size', async () => Buffer.from(await encodePng(noise(5, 5)))],
    [
      'without its last rows',
      async (size: Buffer) => {
        const few = encodePngChunk('IDAT', deflateSync(Buffer.alloc(10)))
        return Buffer.concat([size, few, encodePngChunk('IEND', Buffer.alloc(0))])
      },
    ],
  ])('are decoded again where a frame is an intact PNG file %s', async (_, make) => {
    const { frames } = await savedFilm()
    // Signature and IHDR chunk (PNG specification, sections 5.2 and 11.2.2).
    const forged = await make(frames[0].subarray(0, 8 + 25))
    await forgeFrames(() => forged)
    const engine = startEngine(join(folder, 'there'))
    const { document } = await engine.open(project())
    expect(await engine.show(document)).toEqual(frames)
  })

  it('are saved even if the disk cache is off (limit 0)', async () => {
    const results = join(folder, 'here', 'results')
    await new ContentCache(results).setLimit(0)
    const { frames } = await savedFilm()
    await rm(photos, { recursive: true })
    const engine = startEngine(join(folder, 'there'))
    const { document } = await engine.open(project())
    expect(await engine.show(document)).toEqual(frames)
    expect(engine.evaluations()).toBe(0)
  })

  it('are kept when a copy is saved without reference to the original project', async () => {
    const { frames } = await savedFilm()
    await rm(photos, { recursive: true })
    const engine = startEngine(join(folder, 'there'))
    const { document } = await engine.open(project())
    const copy = join(folder, 'copy.slerp')
    await engine.save(copy, document)
    const third = startEngine(join(folder, 'third'))
    expect(await third.show((await third.open(copy)).document)).toEqual(frames)
    expect(third.evaluations()).toBe(0)
  })
})

describe('verifying a project', () => {
  const verify = (more: Partial<typeof model> = {}) =>
    createEngineHandlers()['project.verify'](
      { path: project(), unpackTo: join(folder, 'unpacked'), model: { ...base, ...model, ...more } },
      quietContext,
    )
  const base = { device: 'cpu', precision: 'fp32' } as const

  it('finds every latent bit-identical on the original machine, with pictures only in the project', async () => {
    await savedFilm()
    await rm(photos, { recursive: true })
    const { damaged, latents } = await verify()
    expect(damaged).toEqual([])
    expect(latents.map(({ verdict, difference, tolerance }) => [verdict, difference, tolerance])).toEqual(
      samples.map(() => ['identical', 0, 0]),
    )
  })

  it('allows a tolerance for another number of threads', async () => {
    await savedFilm()
    const { latents } = await verify({ threads: 2 })
    expect(latents).toHaveLength(samples.length)
    for (const { verdict, tolerance } of latents) {
      expect(['identical', 'within']).toContain(verdict)
      expect(tolerance).toBe(1e-3)
    }
  })

  it('finds latents that differ from the encoding of their pictures, and damaged parts', async () => {
    await savedFilm()
    await forge(project(), turnRound)
    expect((await verify()).latents.map(({ verdict }) => verdict)).toEqual(samples.map(() => 'different'))
    const bytes = await readFile(project())
    const name = await withArchive(project(), async ({ parts }) =>
      Object.keys(parts).find((one) => /^frames/.test(one))!,
    )
    // One byte of a stored frame, after its local header.
    bytes[bytes.indexOf(name) + name.length + 60] ^= 1
    await writeFile(project(), bytes)
    expect((await verify()).damaged).toEqual([name])
  })

  it('reports latents that it cannot compare because of changed settings or a missing picture', async () => {
    const engine = startEngine(join(folder, 'here'))
    const { document } = await engine.find(filmOf(paths(), { keepPictures: false }), [])
    await engine.show(document)
    const [first, ...rest] = document.pictures
    const changed = { ...first, fit: { mode: 'contain', background: '#000000' } as const }
    await engine.save(project(), { ...document, pictures: [changed, ...rest] })
    await rm(paths()[1])
    expect((await verify()).latents.map(({ verdict }) => verdict)).toEqual([
      'notKept',
      'pictureMissing',
      'identical',
    ])
  })

  it('compares no pictures that cannot be unpacked, and says why (would catch a full disk that ends it)', async () => {
    await savedFilm()
    await rm(photos, { recursive: true })
    // Nothing can be written below a file.
    await writeFile(join(folder, 'unpacked'), 'a file')
    const report = await verify()
    expect(report.latents.map(({ verdict }) => verdict)).toEqual(samples.map(() => 'pictureMissing'))
    expect(report.problems).toEqual([
      expect.stringMatching(/^Files that only the project contains are missing\. .*unpacked/),
    ])
    expect(isVerified(report)).toBe(true)
  })

  it('counts parts that are not in the file (would catch a hundred thousand lines of damaged parts)', async () => {
    await writeFile(project(), hostileProjects['a hundred thousand hashes of parts that are not there'])
    const report = await verify()
    expect(report).toMatchObject({ damaged: [], absent: 99_999 })
    expect(report.problems).toEqual(['99,999 parts of the project are missing from its file and left out.'])
    expect(isVerified(report)).toBe(false)
  })

  it('rejects a model other than the project’s', async () => {
    const engine = startEngine(join(folder, 'here'))
    const other = { name: 'other', sha256: createHash('sha256').update('other').digest('hex'), path: '' }
    await engine.save(project(), filmOf(paths(), { model: other }))
    await expect(verify()).rejects.toMatchObject({ code: 'MODEL_MISMATCH' })
  })
})
