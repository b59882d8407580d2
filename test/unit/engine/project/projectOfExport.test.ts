import { spawnSync } from 'node:child_process'
import { copyFile, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { createEngineHandlers } from '#engine/handlers'
import { createPixels } from '#core/picture/pixels'
import { provenanceKeyword } from '#engine/animation/exporters/provenanceText'
import { recordSources } from '#engine/animation/sourceRecords'
import { encodePngText } from '#engine/image/pngWriter'
import { encodePng } from '#engine/image/encodePicture'
import { Pictures } from '#engine/image/Pictures'
import { engineRoutes } from '#shared/contract'
import { planOf } from '#shared/documentLatents'
import { exportFormatRows, type ExportFormat } from '#shared/exportFormats'
import type { StudioDocument } from '#shared/document'
import { emptyFolder } from '../../../fixtures/exportTarget'
import { quietContext } from '../../../fixtures/job'
import { filmOf, model, samplePath } from '../../../fixtures/projects'

let folder: string
let photos: string
beforeEach(async () => {
  folder = emptyFolder()
  photos = join(folder, 'photos')
  await mkdir(photos)
  for (const name of ['apple-golden', 'tomato-heart']) await copyFile(samplePath(name), photo(name))
})

const photo = (name: string): string => join(photos, `${name}.webp`)
const handlers = createEngineHandlers()
const originOf = (path: string, others: string[] = []) =>
  handlers['project.ofExport']({ path, others }, quietContext)

/** A picture with its own crop, a seed, a latent file, and a mix of the other picture with a seed. */
async function film(): Promise<StudioDocument> {
  const latent = join(photos, 'own.safetensors')
  const request = { model, latent: { kind: 'seed', seed: 5 }, decode, path: latent }
  await handlers['latent.save'](engineRoutes['latent.save'].input.parse(request), quietContext)
  return filmOf([photo('apple-golden'), photo('tomato-heart')], {
    pictures: [
      {
        id: 'a',
        name: 'Apple',
        info: { path: photo('apple-golden') },
        fit: { mode: 'crop', x: 1, y: 2, width: 40, height: 40 },
      },
      { id: 't', name: 'Tomato', info: { path: photo('tomato-heart') }, restandardise: true },
    ],
    latents: [
      { id: 's', name: 'Seed', kind: 'seed', seed: 7 },
      { id: 'f', name: 'Own', kind: 'file', path: latent },
      {
        id: 'm',
        name: 'Mix',
        kind: 'mix',
        parts: [
          { source: 't', weight: 2 },
          { source: 's', weight: 1 },
        ],
      },
    ],
    timeline: {
      stops: ['a', 's', 'f', 'm'].map((source) => ({ id: source, source })),
      segments: [{ frames: 2, easing: 'easeIn', interpolation: 'lerp' }, { frames: 1 }, { frames: 2 }],
      fps: 12,
      repeat: 'forever',
    },
  })
}

const decode = { solver: 'ddim', timestepSpacing: 'linear', steps: 3 } as const

async function exportAs(document: StudioDocument, format: ExportFormat, path: string): Promise<void> {
  const request = {
    model,
    plan: planOf(document)!,
    decode: document.decode,
    target: {
      path,
      format,
      fps: document.timeline.fps,
      repeat: 'forever',
      range: document.timeline.workArea ?? undefined,
    },
  }
  await handlers['animation.export'](engineRoutes['animation.export'].input.parse(request), quietContext)
}

/** What an export has to preserve of a document: how its stops are made, by the contents of their files. */
async function essence(document: StudioDocument) {
  const { stops: _, ...timeline } = document.timeline
  const sources = await recordSources(planOf(document)!, new Pictures(), quietContext.signal)
  return { timeline, encode: document.encode, decode: document.decode, sources }
}

const pathOf = (format: ExportFormat): string =>
  join(
    folder,
    'film' +
      {
        gif: '.gif',
        webp: '.webp',
        apng: '.apng',
        png: '',
        contactSheet: '.sheet.png',
        still: '.png',
        mp4: '.mp4',
        webm: '.webm',
      }[format],
  )

describe('an export', () => {
  it.for(exportFormatRows.map(({ id }) => id))(
    'leads back to its settings, film and sources, found by content: %s',
    async (format, context) => {
      const isVideo = exportFormatRows.some(({ id, video }) => id === format && video)
      if (isVideo && spawnSync('ffmpeg', ['-version']).status !== 0)
        context.skip('there is no ffmpeg on PATH')
      const document = await film()
      await exportAs(document, format, pathOf(format))
      const attic = join(folder, 'attic')
      await rename(photos, attic)
      await rename(join(attic, 'tomato-heart.webp'), join(attic, 'IMG_0001.webp'))
      const found = (await originOf(pathOf(format)))!
      expect(found.missing).toEqual([])
      await rename(join(attic, 'IMG_0001.webp'), join(attic, 'tomato-heart.webp'))
      const back = (await originOf(pathOf(format), [attic]))!
      expect(back.document.model).toMatchObject({ name: 'one-layer' })
      await rename(attic, photos)
      const original = await originOf(pathOf(format))
      expect(await essence(original!.document)).toEqual(await essence(document))
    },
  )

  it('leads back to a project that exports the same file again (would catch a setting missing from the export)', async () => {
    await exportAs(await film(), 'gif', join(folder, 'first.gif'))
    const { document } = (await originOf(join(folder, 'first.gif')))!
    await exportAs(document, 'gif', join(folder, 'second.gif'))
    expect(
      (await readFile(join(folder, 'second.gif'))).equals(await readFile(join(folder, 'first.gif'))),
    ).toBe(true)
  })

  it('of a work area leads back to the whole film with that work area (would catch a project that exports more than the file shows)', async () => {
    const whole = await film()
    const part = { ...whole, timeline: { ...whole.timeline, workArea: { start: 1, end: 3 } } }
    await exportAs(part, 'gif', join(folder, 'part.gif'))
    const { document } = (await originOf(join(folder, 'part.gif')))!
    expect(await essence(document)).toEqual(await essence(part))
    await exportAs(document, 'gif', join(folder, 'again.gif'))
    expect(await readFile(join(folder, 'again.gif'))).toEqual(await readFile(join(folder, 'part.gif')))
  })

  it('of samples that are not listed one by one leads back to their seeds, as many as a project holds (would catch an empty project)', async () => {
    const sheet = join(folder, 'samples.png')
    const drawn = { seed: 7, endTimestep: 700, class: 2 }
    const problemsOf = async (plan: object) => {
      const provenance = { software: 'Slerp Studio', plan: { kind: 'samples', ...plan }, sources: [] }
      await writeFile(
        sheet,
        await encodePng(createPixels(1, 1), [encodePngText(provenanceKeyword, JSON.stringify(provenance))]),
      )
      return (await originOf(sheet))!
    }
    const { document, problems } = await problemsOf({ ...drawn, count: 3 })
    expect(document.latents.map(({ id: _, name: _name, ...latent }) => latent)).toEqual(
      [7, 8, 9].map((seed) => ({ kind: 'seed', seed, endTimestep: 700, class: 2 })),
    )
    expect(problems).toEqual([])
    const many = await problemsOf({ seed: 0, count: 1_000_000, balanced: true })
    expect(many.document.latents).toHaveLength(5000)
    expect(many.problems).toEqual([
      expect.stringMatching(/^Of 1000000 samples, the first 5000 /),
      expect.stringMatching(/^The classes of the samples were left out/),
    ])
  })

  it.each([
    ['samples', { kind: 'samples', seed: 4, count: 2 }, 'png'],
    ['samples as numbers', { kind: 'samples', seed: 4, count: 2 }, 'npy'],
    ['a list', { kind: 'list', latents: [4, 5].map((seed) => ({ kind: 'seed', seed })) }, 'png'],
  ])('as a folder of %s that shards share leads back to a project', async (_, plan, content) => {
    const frames = join(folder, 'frames')
    const request = { model, plan, decode, folder: frames, content, fps: 9 }
    await handlers['batch.run'](engineRoutes['batch.run'].input.parse(request), quietContext)
    const { document, kind, problems } = (await originOf(frames))!
    expect(document.latents.map((latent) => 'seed' in latent && latent.seed)).toEqual([4, 5])
    expect(document).toMatchObject({ model: { name: 'one-layer' }, decode, timeline: { fps: 9 } })
    expect({ kind, problems }).toEqual({ kind: 'folder', problems: [] })
  })

  it('as a folder of balanced samples leads back to their classes, which older shards did not record (would catch samples of the first class only)', async () => {
    const frames = join(folder, 'frames')
    const plan = { kind: 'samples', seed: 4, count: 5, balanced: true }
    // Its configuration names three classes.
    const classModel = { path: 'test/golden/fixtures/unet/class-conditional', threads: 1 }
    for (const index of [0, 1]) {
      const request = { model: classModel, plan, decode, folder: frames, shard: { index, count: 2 } }
      await handlers['batch.run'](engineRoutes['batch.run'].input.parse(request), quietContext)
    }
    const told = async () => {
      const { document, problems } = (await originOf(frames))!
      return [document.latents.map((latent) => 'class' in latent && latent.class), problems]
    }
    expect(await told()).toEqual([[0, 1, 2, 0, 1], []])
    const withoutNoise = async (name: string) => {
      const { noise: _, ...older } = JSON.parse(await readFile(join(frames, name), 'utf8')) as object & {
        noise: unknown
      }
      await writeFile(join(frames, name), JSON.stringify(older))
    }
    await withoutNoise('shard-0-of-2.json')
    expect(await told()).toEqual([[0, 1, 2, 0, 1], []])
    await writeFile(join(frames, 'shard-0-of-2.json'), '{ cut')
    expect(await told()).toEqual([[0, 1, 2, 0, 1], []])
    await withoutNoise('shard-1-of-2.json')
    const leftOut = expect.stringMatching(/^The classes of the samples were left out/)
    expect(await told()).toEqual([[undefined, undefined, undefined, undefined, undefined], [leftOut]])
  })

  it('does not contain the path of its folder', async () => {
    await exportAs(await film(), 'gif', join(folder, 'film.gif'))
    expect((await readFile(join(folder, 'film.gif'))).includes(folder)).toBe(false)
  })

  it('keeps the place of a missing picture, and does not use another picture of the same name', async () => {
    await exportAs(await film(), 'gif', join(folder, 'film.gif'))
    await rm(photo('apple-golden'))
    await copyFile(samplePath('apple-red-yellow'), join(folder, 'apple-golden.webp'))
    const { document, missing, problems } = (await originOf(join(folder, 'film.gif')))!
    expect(missing).toEqual(['apple-golden.webp'])
    expect(problems).toEqual([expect.stringMatching(/^“apple-golden.webp” .* changed since the export/)])
    expect(document.timeline.stops).toHaveLength(4)
  })

  it('becomes a project that never takes another picture of the same name (would catch one that is adopted at the next start)', async () => {
    const made = await film()
    await exportAs(made, 'gif', join(folder, 'film.gif'))
    const recorded = await recordSources(planOf(made)!, new Pictures(), quietContext.signal)
    await copyFile(samplePath('apple-red-yellow'), photo('apple-golden'))
    await copyFile(samplePath('apple-red-yellow'), join(folder, 'apple-golden.webp'))
    const { document } = (await originOf(join(folder, 'film.gif')))!
    const again = await handlers['project.find'](
      { document, folder, others: [photos], quick: false },
      quietContext,
    )
    expect(again.missing).toEqual(['apple-golden.webp'])
    const [{ info }] = again.document.pictures
    expect(recorded[0]).toMatchObject({ picture: { sha256: info.sha256 } })
    // Its latent is still known by its content.
    const plan = planOf(again.document)!
    const request = { model, plan, indices: [0], decode: document.decode }
    const input = engineRoutes['animation.frames'].input.parse(request)
    expect((await handlers['animation.frames'](input, quietContext)).frames).toHaveLength(1)
  })

  it('keeps apart two missing pictures of one name (would catch the file of one that is taken for both)', async () => {
    const here = join(photos, 'a', 'p.webp')
    const there = join(photos, 'b', 'p.webp')
    for (const path of [here, there]) await mkdir(join(path, '..'))
    await copyFile(photo('apple-golden'), here)
    await copyFile(photo('tomato-heart'), there)
    await exportAs(filmOf([here, there]), 'gif', join(folder, 'film.gif'))
    const sources = await recordSources(planOf(filmOf([here, there]))!, new Pictures(), quietContext.signal)
    await rm(photos, { recursive: true })
    const { document } = (await originOf(join(folder, 'film.gif')))!
    await copyFile(samplePath('tomato-heart'), join(folder, 'p.webp'))
    const found = await handlers['project.find']({ document, folder, others: [] }, quietContext)
    expect(found.missing).toEqual(['p.webp'])
    expect(found.document.pictures.map(({ info }) => info.path)).toEqual(['', join(folder, 'p.webp')])
    expect(sources).toMatchObject(
      found.document.pictures.map(({ info: { sha256 } }) => ({ picture: { sha256 } })),
    )
  })

  it('that is damaged leads to no project, and neither do other files, pictures and folders', async () => {
    await exportAs(await film(), 'gif', join(folder, 'film.gif'))
    const gif = await readFile(join(folder, 'film.gif'))
    await writeFile(join(folder, 'cut.gif'), gif.subarray(0, 100))
    await writeFile(join(folder, 'note.txt'), 'a note')
    await writeFile(join(folder, 'empty.mp4'), '')
    for (const path of ['cut.gif', 'note.txt', 'empty.mp4', 'photos'])
      expect(await originOf(join(folder, path)), path).toBeNull()
    expect(await originOf(photo('apple-golden'))).toBeNull()
  })
})
