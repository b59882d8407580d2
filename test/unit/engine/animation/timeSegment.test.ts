import { describe, expect, it } from 'vitest'
import { unevenness } from '#core/timeline/frameDistances'
import type { PathView, Sampled } from '#engine/animation/pathView'
import { timeSegment } from '#engine/animation/timeSegment'
import type { PathFramePlan } from '#shared/framePlan'

/** How far along a path each place is. */
type Progress = (place: number) => number

const distances = (progress: Progress, places: readonly number[]) =>
  places.slice(1).map((place, i) => Math.abs(progress(place) - progress(places[i])))

/** A view of a path whose distances are known, which counts the places that it is asked for. */
function viewOf(progress: Progress) {
  const asked: number[][] = []
  const seenAt = (places: readonly number[]): Sampled => ({
    places,
    pictures: [],
    distances: distances(progress, places),
  })
  const view: PathView = {
    sample: async (_plan, _segment, places) => {
      asked.push([...places])
      return seenAt(places)
    },
    join: async (one, other) => seenAt([...new Set([...one.places, ...other.places])].sort((a, b) => a - b)),
  }
  return { view, asked }
}

/** Changes mostly around `centre`, within about 1 / `steepness` of the segment. */
const stepAt =
  (centre: number, steepness: number): Progress =>
  (place) =>
    Math.tanh((place - centre) * steepness) + 0.3 * place

async function time(coarse: Progress, film: Progress, frames = 60) {
  const plan = {
    segments: [{ frames, easing: 'linear', interpolation: 'slerp' }],
  } as unknown as PathFramePlan
  const views = { coarse: viewOf(coarse), film: viewOf(film) }
  const { fractions } = await timeSegment({ coarse: views.coarse.view, film: views.film.view }, plan, 0)
  return { fractions: fractions!, inFilm: distances(film, [0, ...fractions!, 1]), looked: views.film.asked }
}

describe('timeSegment', () => {
  it.each([
    ['elsewhere', stepAt(0.78, 500), stepAt(0.83, 500)],
    ['wider', stepAt(0.83, 50), stepAt(0.83, 2000)],
    ['not at all', (place: number) => place, stepAt(0.83, 800)],
    ['narrower', stepAt(0.5, 3000), stepAt(0.5, 30)],
  ])(
    'makes the film even where the coarse view shows its steepest part %s (would catch places found in few steps only)',
    async (_, coarse, film) => {
      const { fractions, inFilm } = await time(coarse, film)
      expect(fractions).toHaveLength(59)
      expect(unevenness(inFilm)).toBeLessThan(1.75)
    },
  )

  it('looks at the film only where its frames will be, if the coarse view was right', async () => {
    const { fractions, looked } = await time(stepAt(0.83, 80), stepAt(0.83, 80))
    expect(looked).toEqual([[0, ...fractions, 1]])
  })

  it('keeps the most even places that it has seen, and stops, on a path that cannot be made even', async () => {
    const leap: Progress = (place) => (place < 0.5 ? place : place + 10)
    const { fractions, inFilm, looked } = await time((place) => place, leap, 20)
    expect(fractions).toHaveLength(19)
    expect(unevenness(inFilm)).toBeLessThanOrEqual(unevenness(distances(leap, looked[0])))
    // Three looks at the frames, and between them at most as many places as there are frames.
    expect(looked.flat().length).toBeLessThanOrEqual(3 * 21 + 2 * 20)
    expect(looked.at(-1)).toHaveLength(21)
  })

  it('moves nothing in a segment of one frame', async () => {
    expect((await time(stepAt(0.5, 9), stepAt(0.2, 9), 1)).fractions).toEqual([])
  })
})
