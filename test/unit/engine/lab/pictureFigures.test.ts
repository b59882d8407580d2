import { expect, it } from 'vitest'
import { createRenderCache } from '#engine/animation/renderCache'
import { pictureFigures } from '#engine/lab/figures/pictureFigures'
import type { Model } from '#engine/model/denoiser/model'
import { labStudy } from '#shared/lab'
import { tinyModel } from '../../../fixtures/cli'
import { jobOn } from '../../../fixtures/job'

it('the figure of many numbers of steps shows seeds under the prompts of the first picture (would catch pictures of nothing)', async () => {
  const asked = new Set<string>()
  const note = (text: string) => {
    asked.add(text)
    return {}
  }
  const texts = { find: note, encode: async (text: string) => note(text) }
  const job = await jobOn(tinyModel)
  const sweep = { solvers: ['ddim'], timestepSpacings: ['linear'], steps: [2] }
  const prompts = { prompt: 'an apple', sourcePrompt: 'a tomato' }
  const study = labStudy.parse({
    ...sweep,
    stops: [{ kind: 'picture', picture: { path: 'apple.png' }, ...prompts }],
  })
  const [consistency] = pictureFigures(1)
  await consistency.draw(
    {
      cache: createRenderCache(),
      job: job.with({ model: { ...job.model, texts } as unknown as Model }),
      study,
    },
    { solver: 'ddim', timestepSpacing: 'linear', steps: 2, eta: 0 },
    [2],
  )
  expect([...asked]).toEqual(['an apple', 'a tomato'])
})
