import { describe, expect, it } from 'vitest'
import { emptyDocument, type DocumentLatent, type StudioDocument } from '#shared/document'
import { latentOf } from '#shared/documentLatents'
import { requireReadable, requireRoom } from '#shared/documentSize'
import { readDocument, writeDocument } from '#shared/readDocument'

const empty = emptyDocument()
const seed = (id: string): DocumentLatent => ({ id, name: id, kind: 'seed', seed: 1 })
const seeds = (count: number): DocumentLatent[] =>
  Array.from({ length: count }, (_unused, at) => seed(`s${at}`))
const mix = (id: string, parts: readonly string[]): DocumentLatent => ({
  id,
  name: id,
  kind: 'mix',
  parts: parts.map((source) => ({ source, weight: 1 })),
})
const mixOf = (parts: readonly DocumentLatent[]): DocumentLatent =>
  mix(
    'mix',
    parts.map(({ id }) => id),
  )
const withLatents = (...latents: DocumentLatent[]): StudioDocument => ({ ...empty, latents })
const mixedSeeds = (count: number): StudioDocument => withLatents(...seeds(count), mixOf(seeds(count)))

/** A film of so many stops of one seed, with so many markers. */
function film(stops: number, markers = 0): StudioDocument {
  const document = withLatents(seed('a'))
  return {
    ...document,
    timeline: {
      ...document.timeline,
      stops: Array.from({ length: stops }, (_unused, at) => ({ id: `${at}`, source: 'a' })),
      segments: Array.from({ length: Math.max(0, stops - 1) }, () => ({
        frames: 1,
        easing: 'linear',
        interpolation: 'slerp',
      })),
      markers: Array.from({ length: markers }, (_unused, at) => ({ id: `m${at}`, frame: at, name: '' })),
    },
  }
}

/** A film of so many frames. */
function filmOf(frames: number): StudioDocument {
  const document = film(3)
  const [first, second] = document.timeline.segments
  // The frame of the last stop is the film's last.
  const segments = [
    { ...first, frames: frames - 101 },
    { ...second, frames: 100 },
  ]
  return { ...document, timeline: { ...document.timeline, segments } }
}

/** Nine mixes of eight seeds each, in one mix: 72 latents. */
function mixedMixes(): StudioDocument {
  const groups = Array.from({ length: 9 }, (_unused, group) => {
    const parts = seeds(8).map((one) => ({ ...one, id: `${group}-${one.id}` }))
    return {
      parts,
      mix: mix(
        `group ${group}`,
        parts.map(({ id }) => id),
      ),
    }
  })
  const mixes = groups.map((one) => one.mix)
  return withLatents(...groups.flatMap(({ parts }) => parts), ...mixes, mixOf(mixes))
}

/** A walk around a walk around a walk, so many times. */
function walks(depth: number): StudioDocument {
  const chain = Array.from({ length: depth }, (_unused, at): DocumentLatent => {
    const around = at === 0 ? 's0' : `w${at - 1}`
    return { id: `w${at}`, name: `w${at}`, kind: 'walk', around, seed: 1, angle: 20, turn: 0.5 }
  })
  return withLatents(seed('s0'), ...chain)
}

const throughJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value))
const reopened = (document: StudioDocument) => readDocument(throughJson(writeDocument(document)))
const badInput = (message: RegExp) =>
  expect.objectContaining({ code: 'BAD_INPUT', message: expect.stringMatching(message) })

describe('the size of a document', () => {
  it.each([
    ['a mix of 17 latents', mixedSeeds(17)],
    ['a mix of 64 latents, as many as the engine takes', mixedSeeds(64)],
    ['1000 stops and 1000 markers', film(1000, 1000)],
    ['a film of 100,000 frames', filmOf(100_000)],
    ['a walk over 32 levels', walks(32)],
    ['a walk over 32 levels, with its parts behind it', withLatents(...walks(32).latents.toReversed())],
  ])(
    'allows %s, and opens it again as it is (would catch work that is lost on opening)',
    (_what, document) => {
      requireRoom(document, empty)
      requireReadable(document)
      const { document: again, problems } = reopened(document)
      expect(problems).toEqual([])
      expect(again).toEqual(document)
    },
  )

  it.each([
    ['a mix of 65 latents', mixedSeeds(65), /from 65 others.*at most 64/],
    ['nine mixes of eight latents in one', mixedMixes(), /from 72 others.*at most 64/],
    ['a walk over 33 levels', walks(33), /33 levels.*at most 32/],
    ['1001 stops', film(1001), /1001 stops.*1000/],
    ['1001 markers', film(1, 1001), /1001 markers.*1000/],
    ['a film of 100,001 frames', filmOf(100_001), /100001 frames.*100000/],
    ['5001 latents', withLatents(...seeds(5001)), /5001 latents.*5000/],
  ])('refuses an edit that makes %s, in one sentence', (_what, document, message) => {
    expect(() => requireRoom(document, empty)).toThrow(badInput(message))
  })

  it('lets a project that an older version made too large shrink and change, but not grow', () => {
    const before = film(1200)
    requireRoom(film(1200, 3), before)
    requireRoom(film(1100), before)
    expect(() => requireRoom(film(1201), before)).toThrow(badInput(/1201 stops/))
    requireRoom(filmOf(100_050), filmOf(100_050))
    expect(() => requireRoom(filmOf(100_051), filmOf(100_050))).toThrow(badInput(/100051 frames/))
  })

  it('opens more than an edit may make, without a loss, and accepts it for saving (would catch a project or autosaved work that is refused)', () => {
    for (const document of [film(1001, 1001), filmOf(100_050)]) {
      expect(reopened(document)).toMatchObject({ document, problems: [] })
      requireReadable(document)
    }
  })

  it.each([
    ['10,001 stops', film(10_001)],
    ['10,001 markers', film(1, 10_001)],
  ])('neither opens nor accepts for saving %s', (_what, document) => {
    expect(() => requireReadable(document)).toThrow(badInput(/more than the 10000/))
    expect(() => reopened(document)).toThrow(expect.objectContaining({ code: 'BAD_PROJECT' }))
  })

  it.each([
    ['a mix of 65 latents', mixedSeeds(65), 64],
    ['a mix of nine mixes', mixedMixes(), 8],
  ])(
    'drops only the last part of %s on opening, and never accepts it for saving',
    (_what, document, parts) => {
      expect(() => requireReadable(document)).toThrow(badInput(/too large/))
      const { document: again, problems } = reopened(document)
      expect(again.latents.at(-1)).toEqual({
        ...document.latents.at(-1),
        parts: (document.latents.at(-1) as { parts: object[] }).parts.slice(0, parts),
      })
      expect(problems).toHaveLength(1)
    },
  )

  it('makes a walk over 32 levels at once (would catch a time that doubles with every level)', () => {
    const { encode, latents } = walks(32)
    const byId = new Map(latents.map((one) => [one.id, one]))
    let asked = 0
    const counting = { get: (id: string) => (asked++, byId.get(id)) } as unknown as typeof byId
    expect(latentOf(latents.at(-1)!, { encode, byId: counting })).toMatchObject({ kind: 'walk' })
    expect(asked).toBe(32)
  })
})
