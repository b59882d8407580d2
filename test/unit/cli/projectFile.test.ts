import { expect, it } from 'vitest'
import { emptyDocument } from '#shared/document'
import { withStops } from '../../../src/cli/projectFile'

const noCall = () => Promise.reject(new Error('There is nothing to ask the engine for.'))
const seeds = (count: number): string[] => Array.from({ length: count }, (_unused, at) => `seed:${at}`)

it.each([
  ['1001 stops', seeds(1001), /1001 stops.*1000/],
  ['a mix of 65 seeds', [`mix:${seeds(65).join(',')}`], /from 65 others.*at most 64/],
])(
  'refuses %s before anything is encoded (would catch a project that cannot be opened)',
  async (_what, words, message) => {
    const made = withStops(noCall, emptyDocument(), words)
    await expect(made).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringMatching(message) as string,
    })
  },
)

it('adds a mix of 17 seeds', async () => {
  const { latents, timeline } = await withStops(noCall, emptyDocument(), [`mix:${seeds(17).join(',')}`])
  expect(latents.at(-1)).toMatchObject({ id: timeline.stops[0].source, kind: 'mix' })
  expect(latents).toHaveLength(18)
})

it('adds a mix with a negative weight (would catch a project that holds less than `morph` makes)', async () => {
  const { latents } = await withStops(noCall, emptyDocument(), ['mix:seed:1,-0.5*seed:2'])
  expect(latents.at(-1)).toMatchObject({ kind: 'mix', parts: [{ weight: 1 }, { weight: -0.5 }] })
})
