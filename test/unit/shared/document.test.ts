import { describe, expect, it } from 'vitest'
import { documentLimits, documentVersion, emptyDocument, type StudioDocument } from '#shared/document'
import { itemsById, latentOf } from '#shared/documentLatents'
import { latentSource } from '#shared/latentSource'
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
  it('reads a complete document without problems, and writes it back unchanged', () => {
    const { document, problems, newer } = readDocument(whole)
    expect([problems, newer]).toEqual([[], false])
    expect(throughJson(writeDocument(document))).toMatchObject(whole)
    expect(readDocument(throughJson(writeDocument(document))).document).toEqual(document)
  })

  it('keeps unknown values wherever they are (would catch losing the work of a newer program)', () => {
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

  it('does not write an unknown value over the value that the user chose instead', () => {
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
  ])(
    'keeps every stop despite %s (would catch one bad value that keeps the app from starting)',
    (_what, bad, atLeast) => {
      const { document, problems } = readDocument({ ...whole, ...bad })
      expect(document.timeline.stops).toHaveLength(5)
      expect(document.pictures).toHaveLength(2)
      expect(problems.length).toBeGreaterThanOrEqual(atLeast)
    },
  )

  it.each([
    ['that is no object', 42],
    ['without a kind', { id: 'x' }],
    ['of a known kind without what it needs', { id: 'x', kind: 'seed', seed: 'seven' }],
    [
      'with a part of two such values',
      { id: 'x', kind: 'mix', parts: [{ source: 's' }, { source: 5, weight: 'x' }] },
    ],
  ])(
    'reports an item %s once, by its place in the file (would catch “3 values” where one was)',
    (_what, bad) => {
      const { problems } = readDocument({ version: 1, latents: [42, whole.latents[0], bad] })
      const places = problems.map((problem) => /^latents\.(\d)/.exec(problem)?.[1])
      expect(places.sort()).toEqual(['0', '2'])
    },
  )

  it.each([
    ['an object', { x: null }],
    ['a word', 'abc'],
    ['null', null],
  ])('carries %s called “unread” along as any unknown value, wherever it is', (_what, unread) => {
    const json = {
      ...whole,
      unread,
      notes: 5,
      pictures: [{ ...picture('a'), unread, name: 7 }, picture('b')],
      latents: [...whole.latents, { id: 'x', name: 'Text', kind: 'prompt', text: { unread } }],
    }
    const { document, problems } = readDocument(json)
    expect(problems).toHaveLength(2)
    expect(throughJson(writeDocument(document))).toMatchObject(json)
  })

  it('takes nothing in a file for what it keeps of unread values (would catch a TypeError, or values that a file smuggles in)', () => {
    const kept = { notes: { value: 'smuggled' }, x: null }
    for (const key of ['unread', 'slerp-studio:unread']) {
      const json = { version: 1, [key]: kept, pictures: [{ ...picture('a'), [key]: 'abc', name: 7 }] }
      const { document } = readDocument(json)
      expect(document.notes).toBe('')
      expect(throughJson(writeDocument(document))).toMatchObject({ notes: '', pictures: [{ name: 7 }] })
    }
  })

  it('replaces an unreadable segment with a default in its place (would catch the others moving up)', () => {
    const segments = [{ frames: 5 }, 'broken', { frames: 7 }, { frames: -1 }]
    const { document } = readDocument({ ...whole, timeline: { ...whole.timeline, segments } })
    expect(document.timeline.segments.map(({ frames }) => frames)).toEqual([5, 36, 7, 36])
  })

  it('adds missing segments to the timeline, and removes surplus ones', () => {
    const count = (segments: unknown): number =>
      readDocument({ ...whole, timeline: { ...whole.timeline, segments } }).document.timeline.segments.length
    expect([count(undefined), count([]), count(Array(5).fill({})), count(Array(9).fill({}))]).toEqual([
      4, 4, 5, 4,
    ])
  })

  it('gives unique ids to items with the same id or without one (would catch two pictures that are edited as one)', () => {
    const { document } = readDocument({
      version: 1,
      pictures: [picture('a'), picture('a'), {}, {}, { id: 'item-3' }],
    })
    expect(new Set(document.pictures.map(({ id }) => id)).size).toBe(5)
    expect(document.pictures[0].id).toBe('a')
  })

  it('keeps the place of a stop whose item is missing', () => {
    const { document, problems } = readDocument({ ...whole, pictures: [picture('a')] })
    expect(document.timeline.stops.map(({ source }) => source)).toEqual(['a', 's', 'f', 'm', 'b'])
    expect(document.latents.at(-1)).toMatchObject({ id: 'b', kind: 'unknown' })
    expect(problems).toHaveLength(1)
  })

  it('keeps the place of stops that name nothing, and reads what it wrote unchanged (would catch one more “Missing” each time)', () => {
    const sources = ['', 'a', '', 'missing', 'b']
    const json = {
      ...whole,
      pictures: [picture('a'), picture('missing')],
      latents: [],
      timeline: { stops: sources.map((source, at) => ({ id: `stop ${at}`, source })) },
    }
    const { document, problems } = readDocument(json)
    expect(problems).toEqual([
      'A stop of the timeline names no picture or latent.',
      'The timeline names "b", which the document does not hold.',
    ])
    const [first, second, third, ...others] = document.timeline.stops.map(({ source }) => source)
    expect([second, third, ...others]).toEqual(['a', first, 'missing', 'b'])
    const { pictures, latents } = document
    expect(pictures.map(({ id }) => id)).toEqual(['a', 'missing'])
    expect(latents.map(({ id, name }) => [id, name]).sort()).toEqual(
      [
        ['b', 'Missing'],
        [first, 'Missing'],
      ].sort(),
    )
    const again = readDocument(throughJson(writeDocument(document)))
    expect(again.document).toEqual(document)
    expect(again.problems).toEqual([])
  })

  it('cuts mixes that contain themselves or grow exponentially (would catch a start that never finishes)', () => {
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

  describe('of a mix', () => {
    const mixOf = (...weights: number[]) => ({
      version: 1,
      latents: [
        { ...whole.latents[0], id: 's0' },
        { ...whole.latents[0], id: 's1' },
        {
          id: 'm',
          name: 'Mix',
          kind: 'mix',
          parts: weights.map((weight, at) => ({ source: `s${at}`, weight })),
        },
      ],
    })

    it.each([-100, -0.5, 0, 0.1, 100])(
      'keeps the weight %d, which its field takes, and asks the engine for it (would catch one that is lost on opening)',
      (weight) => {
        const { document } = readDocument(mixOf(1, 1))
        const latents = [...document.latents.slice(0, 2), mixOf(1, weight).latents[2]]
        const changed = { ...document, latents } as StudioDocument
        const again = readDocument(throughJson(writeDocument(changed)))
        expect(again).toMatchObject({ document: changed, problems: [] })
        const made = latentOf(again.document.latents[2], {
          encode: again.document.encode,
          byId: itemsById(again.document),
        })
        expect(latentSource.parse(made)).toMatchObject({ parts: [{ weight: 1 }, { weight }] })
      },
    )

    it.each([
      [
        [1000, 250],
        [100, 25],
      ],
      [
        [30, -1e6],
        [0.003, -100],
      ],
      [
        [1e308, 5e307],
        [100, 50],
      ],
    ])('scales the weights %j down to what the engine takes, in proportion', (weights, scaled) => {
      const { document, problems } = readDocument(mixOf(...weights))
      expect(problems).toEqual([])
      const read = document.latents[2] as { parts: { weight: number }[] }
      for (const [at, { weight }] of read.parts.entries()) expect(weight).toBeCloseTo(scaled[at], 12)
    })
  })

  it('keeps walks and directions that refer to a missing item or to themselves as they were read, without a latent', () => {
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

  it('reads the document of a newer program as far as possible, and reports that it is newer', () => {
    const { document, newer } = readDocument({ ...whole, version: documentVersion + 1, acts: [1, 2] })
    expect(newer).toBe(true)
    expect(document.timeline.stops).toHaveLength(5)
  })

  it.each([[null], [[]], ['text'], [{ version: 'one' }], [{ version: -1 }], [{ version: 1.5 }]])(
    'rejects a value that is not a valid document: %j',
    (json) => {
      expect(() => readDocument(json)).toThrow(expect.objectContaining({ code: 'BAD_PROJECT' }))
    },
  )

  it('is not misled by property names that every object has', () => {
    const json = JSON.parse(
      '{"version":1,"__proto__":{"notes":"x"},"constructor":1,"pictures":[{"__proto__":5}]}',
    ) as unknown
    const { document } = readDocument(json)
    expect(document.notes).toBe('')
    expect(document.pictures).toHaveLength(1)
    expect(Object.getPrototypeOf(document)).toBe(Object.prototype)
  })

  it('reads the empty document back unchanged', () => {
    expect(readDocument(throughJson(writeDocument(emptyDocument()))).document).toEqual(emptyDocument())
  })
})

describe('the latent of a file', () => {
  it('is taken to be at the end timestep of the settings, as a seed is, where neither has its own (would catch a mix of 500 with 999)', () => {
    const file = { id: 'g', name: 'Bare', kind: 'file', path: '/latents/bare.npy' }
    const { document } = readDocument({
      ...whole,
      latents: [...whole.latents, file],
      encode: { endTimestep: 500 },
    })
    const context = { encode: document.encode, byId: itemsById(document) }
    const made = (id: string) => latentSource.parse(latentOf(context.byId.get(id)!, context))
    expect(made('s')).toMatchObject({ kind: 'seed', endTimestep: 500 })
    expect(made('g')).toMatchObject({ kind: 'file', assumedTimestep: 500 })
    expect(made('g')).not.toHaveProperty('endTimestep', 500)
    expect(made('f')).toMatchObject({ kind: 'file', endTimestep: 980 })
  })
})

describe('later additions to the timeline', () => {
  const timeline = {
    ...whole.timeline,
    segments: [{ frames: 5, easing: 'hold' }, { frames: 6, easing: [0.8, 0, 0.2, 1] }, {}, {}],
    markers: [{ id: 'm1', frame: 9, name: 'Turn' }],
    workArea: { start: 2, end: 20 },
  }

  it('are read and written unchanged', () => {
    const { document, problems } = readDocument({ ...whole, timeline })
    expect(problems).toEqual([])
    expect(throughJson(writeDocument(document))).toMatchObject({ timeline })
  })

  it('are empty in an older document', () => {
    const { document } = readDocument(whole)
    expect(document.timeline.markers).toEqual([])
    expect(document.timeline.workArea).toBeNull()
  })

  it('get defaults where they are unreadable, and are written back (would catch a curve that loses the whole timeline)', () => {
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
