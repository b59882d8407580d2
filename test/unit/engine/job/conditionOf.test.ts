import { expect, it } from 'vitest'
import { conditionOf } from '#engine/job/conditionOf'
import { Job } from '#engine/job/Job'
import type { Model } from '#engine/model/denoiser/model'
import type { EvaluationTurn } from '#engine/model/network/evaluateSlices'
import { quietContext } from '../../../fixtures/job'

it('announces each text that it encodes, and its end (would catch a busy engine that is killed as deaf)', async () => {
  const texts = {
    async encode(_text: string, turn: EvaluationTurn) {
      turn.onStart?.()
      turn.onOver?.()
      return {}
    },
  }
  const info = { id: 'm', parameters: 100e6, classes: null }
  const told: (number | string)[] = []
  const context = {
    ...quietContext,
    evaluates: (seconds: number) => void told.push(seconds),
    evaluated: () => void told.push('over'),
  }
  const job = new Job({ model: { info, texts } as unknown as Model, context, priority: 'encode' })
  await conditionOf(job, {}, { prompt: 'a castle', sourcePrompt: 'a house' })
  // 2 million parameters a second.
  expect(told).toEqual([50, 'over', 50, 'over'])
})
