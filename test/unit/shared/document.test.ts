import { describe, expect, it } from 'vitest'
import { documentLimits, documentVersion, emptyDocument, type StudioDocument } from '#shared/document'
import { itemsById, latentOf } from '#shared/documentLatents'
import { readDocument, writeDocument } from '#shared/readDocument'

const picture = (id: string) => ({
  id,
  name: id.toUpperCase(),
  info: { path: `/photos/${id}.png`, sha256: `hash of ${id}` },
})

const whole = {
  version: 1,
  pictures: [picture('a'), picture('b')],
  latents: [
    { id: 's', name: 'Seed 7', kind: 'seed', seed: 7 },
    { id: 'f', name: 'Kept', kind: 'file', path: '/latents/kept.npy', endTimestep: 980 },
    { id: 'm', name: 'Both', kind: 'mix', parts: [{ source: 'a' }, { source: 's', weight: 3 }] },
  ],
  timeline: {
    stops: ['a', 's', 'f', 'm', 'b'].map((source, at) => ({ id: `stop ${at}`, source })),
    segments: [{ frames: 5 }, { frames: 6 }, { frames: 7 }, { frames: 8 }],
    fps: 12,
    repeat: 'once',
  },
  notes: 'with umlauts: äöü',
}

/** A value after a round trip through JSON. */
const throughJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

describe('reading a document', () => {
  it('gives back a whole one without a word, and writes it as it was read', () => {
    const { document, problems, newer } = readDocument(whole)
    expect([problems, newer]).toEqual([[], false])
    expect(throughJson(writeDocument(document))).toMatchObject(whole)
    expect(readDocument(throughJson(writeDocument(document))).document).toEqual(document)
  })

  it('keeps values that it does not know, wherever they stand (would catch a newer program losing its work here)', () => {
    const future = {
      ...whole,
      colourGrade: { lift: [1, 2] },
      pictures: [{ ...picture('a'), rating: 5, info: { ...picture('a').info, lens: '50mm' } }, picture('b')],
      latents: [...whole.latents, { id: 'x', name: 'Text', kind: 'prompt', text: 'a pear' }],
      timeline: { ...whole.timeline, segments: [{ frames: 5, bend: 0.1 }, {}, {}, {}], beats: [3] },
      encode: { steps: 20, solver: 'solverOf2030', momentum: 0.9 },
    }
    const { document } = readDocument(future)
    expect(document.encode).toMatchObject({ steps: 20, solver: 'blended2m' })
    expect(throughJson(writeDocument(document))).toMatchObject(future)
  })

  it('does not write an unknown value over the one that a person chose instead', () => {
    const { document } = readDocument({ ...whole, encode: { solver: 'solverOf2030' } })
    const changed: StudioDocument = { ...document, encode: { ...document.encode, solver: 'ddim' } }
    expect(throughJson(writeDocument(changed))).toMatchObject({ encode: { solver: 'ddim' } })
  })

  it.each([
    ['an empty path', { pictures: [{ ...picture('a'), info: { path: '' } }, picture('b')] }, 0],
    ['a name that is a number', { pictures: [{ ...picture('a'), name: 7 }, picture('b')] }, 1],
    [
      'a crop without numbers',
      { pictures: [{ ...picture('a'), fit: { mode: 'crop', x: 'left' } }, picture('b')] },
      1,
    ],
    ['a picture that is no object', { pictures: [picture('a'), picture('b'), 42] }, 1],
    ['no frames a second', { timeline: { ...whole.timeline, fps: 0 } }, 1],
    ['settings that are a word', { encode: 'default' }, 1],
    ['notes that are a list', { notes: [] }, 1],
  ])('loses no stop to %s (would catch one bad value ending the start)', (_what, bad, atLeast) => {
    const { document, problems } = readDocument({ ...whole, ...bad })
    expect(document.timeline.stops).toHaveLength(5)
    expect(document.pictures).toHaveLength(2)
    expect(problems.length).toBeGreaterThanOrEqual(atLeast)
  })

  it('keeps the place of a segment that cannot be read (would catch the others moving up)', () => {
    const segments = [{ frames: 5 }, 'broken', { frames: 7 }, { frames: -1 }]
    const { document } = readDocument({ ...whole, timeline: { ...whole.timeline, segments } })
    expect(document.timeline.segments.map(({ frames }) => frames)).toEqual([5, 36, 7, 36])
  })

  it('gives the timeline the segments that it lacks, and takes those it has too many', () => {
    const count = (segments: unknown): number =>
      readDocument({ ...whole, timeline: { ...whole.timeline, segments } }).document.timeline.segments.length
    expect([count(undefined), count([]), count(Array(5).fill({})), count(Array(9).fill({}))]).toEqual([
      4, 4, 5, 4,
    ])
  })

  it('gives items of one id an id each (would catch two pictures that are edited as one)', () => {
    const { document } = readDocument({
      version: 1,
      pictures: [picture('a'), picture('a'), {}, {}, { id: 'item-3' }],
    })
    expect(new Set(document.pictures.map(({ id }) => id)).size).toBe(5)
    expect(document.pictures[0].id).toBe('a')
  })

  it('keeps the place of a stop whose item is gone', () => {
    const { document, problems } = readDocument({ ...whole, pictures: [picture('a')] })
    expect(document.timeline.stops.map(({ source }) => source)).toEqual(['a', 's', 'f', 'm', 'b'])
    expect(document.latents.at(-1)).toMatchObject({ id: 'b', kind: 'unknown' })
    expect(problems).toHaveLength(1)
  })

  it('cuts mixes that contain themselves, and those that grow by powers (would catch a start that never ends)', () => {
    const mix = (id: string, ...parts: string[]) => ({
      id,
      name: id,
      kind: 'mix',
      parts: parts.map((source) => ({ source })),
    })
    const circle = readDocument({
      version: 1,
      latents: [mix('a', 'b', 's'), mix('b', 'a', 's'), whole.latents[0]],
    })
    const partsOf = ({ document }: typeof circle) =>
      document.latents.map((latent) =>
        latent.kind === 'mix' ? latent.parts.map(({ source }) => source) : null,
      )
    expect(partsOf(circle)).toEqual([['b', 's'], ['s'], null])
    const bomb = Array.from({ length: 60 }, (_unused, at) =>
      mix(`m${at}`, ...Array<string>(16).fill(`m${at + 1}`)),
    )
    const { document } = readDocument({ version: 1, latents: [...bomb, { ...whole.latents[0], id: 'm60' }] })
    const leaves = (id: string): number => {
      const latent = document.latents.find((one) => one.id === id)!
      return latent.kind === 'mix' ? latent.parts.reduce((sum, { source }) => sum + leaves(source), 0) : 1
    }
    expect(Math.max(...document.latents.map(({ id }) => leaves(id)))).toBeLessThanOrEqual(
      documentLimits.mixLeaves,
    )
  })

  it('keeps what is moved from an item that is gone, or from itself, as it was read, and gives it no latent', () => {
    const walk = (id: string, around: string) => ({
      id,
      name: id,
      kind: 'walk',
      around,
      seed: 3,
      angle: 20,
      turn: 0.5,
    })
    const direction = {
      id: 'd',
      name: 'd',
      kind: 'direction',
      from: 'a',
      plus: ['s'],
      minus: ['lost'],
      strength: 1,
    }
    const latents = [whole.latents[0], walk('w', 'v'), walk('v', 'w'), walk('u', 's'), direction]
    const { document, problems } = readDocument({ ...whole, latents, timeline: {} })
    const byId = itemsById(document)
    const made = document.latents.filter((latent) => latentOf(latent, { encode: document.encode, byId }))
    expect(made.map(({ id }) => id)).toEqual(['s', 'u'])
    expect(problems).toHaveLength(2)
    // When the lost item is found again, the document is complete: it is written as it was read.
    expect(throughJson(writeDocument(document))).toMatchObject({ latents })
    const found = readDocument({
      ...whole,
      latents: [...latents, { ...whole.latents[0], id: 'lost' }],
      timeline: {},
    })
    const again = { encode: found.document.encode, byId: itemsById(found.document) }
    expect(latentOf(found.document.latents[4], again)).toMatchObject({
      kind: 'direction',
      from: { kind: 'picture' },
      plus: [{ kind: 'seed', seed: 7 }],
      minus: [{ kind: 'seed', seed: 7 }],
    })
  })

  it('reads what a newer program wrote as far as it can, and says that it is newer', () => {
    const { document, newer } = readDocument({ ...whole, version: documentVersion + 1, acts: [1, 2] })
    expect(newer).toBe(true)
    expect(document.timeline.stops).toHaveLength(5)
  })

  it.each([
    [null],
    [[]],
    ['text'],
    [{ version: 'one' }],
    [{ version: -1 }],
    [{ version: 1.5 }],
    [{ version: 1, timeline: { stops: Array(documentLimits.stops + 1).fill({ source: 'a' }) } }],
  ])('refuses what is no document with a sentence: %j', (json) => {
    expect(() => readDocument(json)).toThrow(expect.objectContaining({ code: 'BAD_PROJECT' }))
  })

  it('is not misled by names that every object has', () => {
    const json = JSON.parse(
      '{"version":1,"__proto__":{"notes":"x"},"constructor":1,"pictures":[{"__proto__":5}]}',
    ) as unknown
    const { document } = readDocument(json)
    expect(document.notes).toBe('')
    expect(document.pictures).toHaveLength(1)
    expect(Object.getPrototypeOf(document)).toBe(Object.prototype)
  })

  it('has an empty document that is the same read again', () => {
    expect(readDocument(throughJson(writeDocument(emptyDocument()))).document).toEqual(emptyDocument())
  })
})

describe('what the timeline got later', () => {
  const timeline = {
    ...whole.timeline,
    segments: [{ frames: 5, easing: 'hold' }, { frames: 6, easing: [0.8, 0, 0.2, 1] }, {}, {}],
    markers: [{ id: 'm1', frame: 9, name: 'Turn' }],
    workArea: { start: 2, end: 20 },
  }

  it('is read and written as it was', () => {
    const { document, problems } = readDocument({ ...whole, timeline })
    expect(problems).toEqual([])
    expect(throughJson(writeDocument(document))).toMatchObject({ timeline })
  })

  it('is empty in a document that was written before', () => {
    const { document } = readDocument(whole)
    expect(document.timeline.markers).toEqual([])
    expect(document.timeline.workArea).toBeNull()
  })

  it('costs itself where it cannot be read, and is written back (would catch a curve that takes the stops with it)', () => {
    const odd = {
      ...timeline,
      segments: [{ frames: 5, easing: [0, 0, 7, 1] }, { frames: 6, easing: 'bounce' }, {}, {}],
      workArea: { start: 9, end: 3 },
    }
    const { document, problems } = readDocument({ ...whole, timeline: odd })
    expect(problems).toHaveLength(3)
    expect(document.timeline.segments.map(({ frames }) => frames)).toEqual([5, 6, 36, 36])
    expect(document.timeline.workArea).toBeNull()
    expect(throughJson(writeDocument(document))).toMatchObject({
      timeline: { segments: odd.segments, workArea: odd.workArea },
    })
  })
})
