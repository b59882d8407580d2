import { createHash } from 'node:crypto'
import type { Latent } from '#core/diffusion/latent'
import type { Tensor } from '#core/diffusion/tensor'
import type { LatentReport } from '#shared/reports'
import { sha256Of } from '#files/sha256'
import { promptsKey } from '../job/conditionOf'
import type { Condition } from '../model/network/condition'

/** Returns the SHA-256 of a latent's values, followed by those of its previous state. */
export function hashLatent({ x, previousState }: Latent): string {
  const hash = createHash('sha256').update(bytesOf(x.data))
  if (previousState) hash.update(bytesOf(previousState.x.data))
  return hash.digest('hex')
}

/** Returns the SHA-256 of a tensor's values. */
export function hashTensor({ data }: Tensor): string {
  return sha256Of(bytesOf(data))
}

/**
 * Identifies a latent by its values, or by a seed that stands for the same values everywhere, and by what it
 * is decoded with.
 */
export function latentKey(
  latent: Latent,
  { seed, class: classIndex, prompts }: Pick<LatentReport, 'class' | 'prompts'> & { seed?: number | null },
): string {
  const values = seed === null || seed === undefined ? `latent ${hashLatent(latent)}` : `seed ${seed}`
  const texts = prompts ? ` on ${promptsKey(prompts)}` : ''
  return `${values} at ${latent.timestep} of class ${classIndex ?? 'none'}${texts}`
}

/** Returns the SHA-256 of a condition: names and values. */
export function hashCondition(condition: Condition): string {
  const hash = createHash('sha256')
  for (const [name, { data }] of Object.entries(condition)) hash.update(`${name}\0`).update(bytesOf(data))
  return hash.digest('hex')
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}
