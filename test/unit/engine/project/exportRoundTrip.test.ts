import { copyFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { createEngineHandlers } from '#engine/handlers'
import { recordSources } from '#engine/animation/sourceRecords'
import { Pictures } from '#engine/image/Pictures'
import type { StudioDocument } from '#shared/document'
import { planOf } from '#shared/documentLatents'
import type { FramePlan } from '#shared/framePlan'
import type { LatentSource } from '#shared/latentSource'
import { modelSource } from '#shared/modelSource'
import { readDocument } from '#shared/readDocument'
import { emptyFolder, exportFrames, targetAt } from '../../../fixtures/exportTarget'
import { quietContext } from '../../../fixtures/job'
import { goldenRoot } from '../../../fixtures/modelCopy'
import { paint } from '../../../fixtures/paint'
import { samplePath, settings } from '../../../fixtures/projects'
import { createRandom } from '../../../fixtures/random'

let folder: string
beforeEach(async () => {
  folder = emptyFolder()
  for (const name of ['apple-golden', 'tomato-heart'])
    await copyFile(samplePath(name), join(folder, `${name}.webp`))
  for (const name of ['one', 'two']) await writeFile(join(folder, `${name}.safetensors`), `latent ${name}`)
})

const handlers = createEngineHandlers()
const picture = (name: string) => ({ path: join(folder, `${name}.webp`), name: `${name}.webp` })

const recordsOf = (plan: FramePlan) => recordSources(plan, new Pictures(), quietContext.signal)

const apple = () => ({
  kind: 'picture' as const,
  picture: { ...picture('apple-golden'), fit: { mode: 'cover' as const } },
  encode: readDocument({ version: 1 }).document.encode,
  restandardise: false,
})

/** Writes an export of a plan without decoding it, for any model, and returns the project it leads back to. */
async function originOf(plan: FramePlan, more: object = {}) {
  const { kind, segments } = plan as Extract<FramePlan, { kind: 'path' }>
  const sources = await recordsOf(plan)
  const provenance = {
    software: 'Slerp Studio',
    plan: { kind, segments },
    sources,
    decode: settings,
    ...more,
  }
  const path = join(folder, 'film.gif')
  await exportFrames(
    targetAt(path, { overwrite: true }),
    [paint(4, 4, () => [9, 9, 9, 255])],
    JSON.stringify(provenance),
  )
  return (await handlers['project.ofExport']({ path, others: [] }, quietContext))!
}

/** A path with one frame between each two stops. */
function pathOf(stops: LatentSource[]): FramePlan {
  const segments = stops
    .slice(1)
    .map(() => ({ frames: 1, easing: 'linear' as const, interpolation: 'slerp' as const }))
  return { kind: 'path', stops, segments }
}

/** A film through items of every kind, composed of each other, with random conditions and prompts. */
function randomFilm(seed: number): StudioDocument {
  const random = createRandom(seed)
  const below = (count: number): number => Math.floor(random() * count)
  const perhaps = <T>(value: T): T | undefined => (random() < 0.5 ? value : undefined)
  const text = (): string | undefined => perhaps(['', 'a house', 'a castle', 'the sea'][below(4)])
  const own = () => ({ class: perhaps(below(3)), prompt: text() })
  const pictures = ['apple-golden', 'tomato-heart'].map((name) => {
    return { id: name, name, info: picture(name), restandardise: random() < 0.5, ...own() }
  })
  const latents: Record<string, unknown>[] = [1, 2].flatMap((at) => [
    { id: `seed ${at}`, kind: 'seed', seed: below(9), endTimestep: perhaps(400), ...own() },
    { id: `file ${at}`, kind: 'file', path: join(folder, `${['one', 'two'][at - 1]}.safetensors`), ...own() },
  ])
  const ids = [...pictures, ...latents].map(({ id }) => id as string)
  const some = (least: number): string[] =>
    Array.from({ length: least + below(2) }, () => ids[below(ids.length)])
  for (let round = 0; round < 2; round++) {
    const composed = [
      { kind: 'mix', parts: some(1).map((source) => ({ source, weight: [-2, -0.5, 1, 3][below(4)] })) },
      { kind: 'direction', from: some(1)[0], plus: some(1), minus: some(1), strength: random() },
      { kind: 'principal', from: some(1)[0], of: some(2), component: 0, strength: -random() },
      { kind: 'walk', around: some(1)[0], seed: below(9), angle: below(90), turn: random() },
    ].map((latent) => ({ ...latent, id: `${latent.kind} ${round}` }))
    latents.push(...composed)
    ids.push(...composed.map(({ id }) => id))
  }
  const stops = ids.map((source) => ({ source, prompt: text() }))
  const segments = stops.slice(1).map(() => ({ frames: 1 + below(4) }))
  const encode = { ...settings, endTimestep: perhaps(500) }
  const timeline = { stops, segments }
  const read = readDocument({ version: 1, pictures, latents, timeline, encode, decode: settings })
  expect(read.problems).toEqual([])
  return read.document
}

describe('the project that an export leads back to', () => {
  it('reads its model as the export did (would catch a film of other frames)', async () => {
    const reading = { prediction: 'v_prediction', timestepScale: 0.5 } as const
    const model = modelSource.parse({ path: join(goldenRoot, 'one-layer'), ...reading })
    const info = await handlers['model.headers']({ model }, quietContext)
    expect(info.reading).toEqual(reading)
    const plan = pathOf([
      { kind: 'seed', seed: 1 },
      { kind: 'seed', seed: 2 },
    ])
    const own = { model: { id: 'one-layer', sha256: 'a'.repeat(64) } }
    expect((await originOf(plan, { ...own, reading })).document.model).toMatchObject({ reading })
    expect((await originOf(plan, own)).document.model?.reading).toBeUndefined()
  })

  it('has the plan of the exported one, whatever the stops are made of (would catch a direction, a walk or a prompt that is lost)', async () => {
    for (let seed = 1; seed <= 40; seed++) {
      const plan = planOf(randomFilm(seed))!
      const { document, problems, missing } = await originOf(plan)
      expect([problems, missing], `seed ${seed}`).toEqual([[], []])
      const back = planOf(document)!
      expect(await recordsOf(back), `seed ${seed}`).toEqual(await recordsOf(plan))
      expect(back, `seed ${seed}`).toMatchObject({ segments: (plan as { segments: unknown }).segments })
    }
  })

  it('takes files without a timestep to be where they were, even without a picture that tells the settings (would catch seeds that no longer mix with them)', async () => {
    const stops: LatentSource[] = [
      { kind: 'seed', seed: 1, endTimestep: 500 },
      { kind: 'file', path: join(folder, 'one.safetensors'), assumedTimestep: 500 },
    ]
    const { document, problems } = await originOf(pathOf(stops))
    expect(problems).toEqual([])
    expect(document.encode.endTimestep).toBe(500)
    expect(planOf(document)).toMatchObject({ stops })
  })

  it('has one item for a picture, with the prompt it is encoded with, and the prompts of its stops', async () => {
    const { document, problems } = await originOf(
      pathOf([
        { ...apple(), prompt: 'a house' },
        { ...apple(), prompt: 'a castle', sourcePrompt: 'a house' },
        // As `--source-prompt` alone records it: decoded with no prompt.
        { ...apple(), sourcePrompt: 'a house' },
      ]),
    )
    expect(problems).toEqual([])
    expect(document.pictures.map(({ prompt }) => prompt)).toEqual(['a house'])
    expect(document.timeline.stops.map(({ prompt }) => prompt)).toEqual([undefined, 'a castle', ''])
  })

  const seed = (value: number): LatentSource => ({ kind: 'seed', seed: value })
  const mix: LatentSource = {
    kind: 'mix',
    parts: [1, 2, 3].map((value) => ({ latent: seed(value), weight: 1 })),
  }
  const list = (...latents: LatentSource[]): FramePlan => ({ kind: 'list', latents })

  it.each<[string, () => FramePlan, number]>([
    ['samples', () => list(seed(1), seed(2), seed(3)), 3],
    ['a picture and a sample', () => list(apple(), seed(1)), 2],
    ['a mix, without its parts', () => list(mix), 1],
    ['a mix and one of its parts', () => list(seed(1), mix), 2],
    [
      'a walk around a picture, and the picture',
      () => list({ kind: 'walk', around: apple(), seed: 1, angle: 20, turn: 0 }, apple()),
      2,
    ],
    ['a sample, twice', () => list(seed(1), seed(1)), 1],
    ['a film that returns to its first stop', () => pathOf([seed(1), mix, seed(1)]), 2],
  ])('counts what an export shows: %s', async (_what, planned, shown) => {
    expect((await originOf(planned())).shown).toBe(shown)
  })

  it('says what a project cannot hold (would catch an export that comes back different without a word)', async () => {
    const seedOf = (number: number) => ({ kind: 'seed' as const, seed: number })
    const noises = await originOf(
      pathOf([
        { ...seedOf(1), prompt: 'a house', sourcePrompt: 'fog' },
        { ...seedOf(2), sourcePrompt: '' },
        { kind: 'file', path: join(folder, 'one.safetensors'), sourcePrompt: '' },
      ]),
    )
    expect(noises.problems).toEqual([
      'The negative prompt “fog” of Seed 1 was left out: a project holds none.',
      'The negative prompt “” of “one.safetensors” was left out: a project holds none.',
    ])
    expect(noises.document.latents[0]).toMatchObject({ prompt: 'a house' })

    const many = [1, 2, 3, 2].map((number) => ({ ...seedOf(number), sourcePrompt: 'fog' }))
    const alike = await originOf(pathOf([...many, { ...seedOf(4), sourcePrompt: 'rain' }]))
    // Would catch thousands of sentences about the samples of one folder.
    expect(alike.problems).toEqual([
      'The negative prompt “fog” of 3 latents was left out: a project holds none.',
      'The negative prompt “rain” of Seed 4 was left out: a project holds none.',
    ])

    const corner = { ...apple(), prompt: 'a castle', sourcePrompt: 'a house' }
    const newer = { kind: 'spiral', turns: 3 } as unknown as LatentSource
    const unknown = await originOf(pathOf([newer, seedOf(6)]))
    expect(unknown.problems).toEqual([
      'A latent of the kind “spiral” is unknown to this version: only its place was kept.',
    ])
    expect(unknown.document.timeline.stops).toHaveLength(2)

    const corners = [corner, seedOf(1), seedOf(2), corner]
    const grid = await originOf({ kind: 'grid', corners, columns: 2, rows: 2 })
    expect(grid.problems).toEqual([
      'The prompt “a castle” was left out: it belongs to a stop, and this export is no film.',
    ])
  })
})
