import type { Placement } from '#shared/devices'

/** On a device that does not tell how much memory it has. */
const modestBatch = 8

/**
 * How many pictures to evaluate at once: one on the CPU, where a picture takes as long in a batch of 1 as in one of 64
 * (`npm run bench -- batch`: 36 to 41 ms of processor time), so that no picture depends on its neighbours and a cancel
 * waits for one picture alone; elsewhere as many as keep the device busy, as its probe has measured, but no more than
 * half of its memory holds. The other half is for weights, work space and other programs.
 *
 * @param activationBytes  what one picture takes; null where nobody can tell
 */
export function automaticBatch(capacity: Placement['capacity'], activationBytes: number | null): number {
  if (!capacity) return 1
  const { batch, memoryBytes } = capacity
  if (memoryBytes === null || activationBytes === null) return Math.min(batch, modestBatch)
  return Math.max(1, Math.min(batch, Math.floor(memoryBytes / 2 / activationBytes)))
}
