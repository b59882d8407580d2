import { StudioError } from '#shared/errors'
import type { ModelInfo } from '#shared/reports'
import { createTensor } from '#core/diffusion/tensor'
import { type Condition, unconditional } from './condition'

/**
 * Returns the condition of one class: the weights [1, K] with which a network mixes the embeddings of its K
 * classes, 1 for this class. Mixing weights mixes embeddings.
 *
 * @param index  0 … K-1; undefined if no class was chosen
 * @throws StudioError BAD_INPUT if the model has no such class, or needs one and got none
 */
export function classCondition(
  { id, classes }: Pick<ModelInfo, 'id' | 'classes'>,
  index: number | undefined,
): Condition {
  const bad = (what: string) => new StudioError('BAD_INPUT', `${id} ${what}.`)
  if (classes === null) {
    if (index === undefined) return unconditional
    throw bad('is not class-conditional: leave the class out')
  }
  if (index === undefined) throw bad(`was trained on ${classes} classes: choose one of 0 to ${classes - 1}`)
  if (index >= classes) throw bad(`has no class ${index}: choose one of 0 to ${classes - 1}`)
  const weights = createTensor([1, classes])
  weights.data[index] = 1
  return { classes: weights }
}
