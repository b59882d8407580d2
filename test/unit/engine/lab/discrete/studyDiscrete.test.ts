import { expect, it } from 'vitest'
import { reverseRules } from '#core/diffusion/discrete/reverseRule'
import { indexColours, paintState } from '#engine/lab/discrete/colourIndices'
import { studyDiscrete } from '#engine/lab/discrete/studyDiscrete'
import { createPixels } from '#core/picture/pixels'
import { createRenderCache } from '#engine/animation/renderCache'
import { discreteStudy } from '#shared/lab'

const quiet = {
  signal: new AbortController().signal,
  report: () => undefined,
  computesOn: () => undefined,
  evaluates: () => undefined,
}
const stops = ['apple-red', 'tomato-cherry-red', 'apple-granny-smith'].map((name) => ({
  kind: 'picture',
  picture: { path: `resources/samples/${name}.webp` },
}))
const cache = createRenderCache()
const noModel = () => Promise.reject(new Error('Pictures need no model.'))

it('ends every strip in one of the pictures, and is deterministic for the same seed', async () => {
  const study = discreteStudy.parse({ stops, colours: 6, side: 16, steps: [4, 9], seed: 3 })
  const report = await studyDiscrete(cache, study, quiet, noModel)
  expect(report.strips.map(({ rule, steps }) => `${rule} ${steps}`)).toEqual(
    reverseRules.flatMap(({ id }) => [`${id} 4`, `${id} 9`]),
  )
  expect(report.colours).toBeLessThanOrEqual(6)
  for (const { agreement } of report.strips) expect(agreement).toBe(1)
  const changes = (id: string) => report.strips.find(({ rule, steps }) => rule === id && steps === 9)!.changes
  expect(changes('leastRandom')).toBeLessThan(changes('markovian'))
  expect(changes('markovian')).toBeLessThan(changes('fresh'))
  const again = await studyDiscrete(cache, study, quiet, noModel)
  expect(again).toEqual(report)
  expect(widthOf(report.figure)).toBeGreaterThan(8 * 112)
})

it('keeps the exact colours of a picture that has few (would catch a palette that blurs colours)', () => {
  const pixels = createPixels(4, 4)
  for (let i = 0; i < 16; i++) pixels.data.set(i % 3 === 0 ? [255, 0, 0, 255] : [0, 40, 200, 255], i * 4)
  const { pictures: states, palette, classes } = indexColours([pixels, pixels], 8)
  expect(classes).toBe(2)
  expect(paintState(states[1], palette)).toEqual(pixels)
})

/** The width of a PNG file, from its header. */
function widthOf(png: Uint8Array): number {
  return Buffer.from(png).readUInt32BE(16)
}
