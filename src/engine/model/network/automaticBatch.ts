import type { Placement } from '#shared/devices'

/** The limit for a device whose memory or whose model's memory needs are unknown. */
const modestBatch = 8

/**
 * Chooses how many pictures to evaluate at once. On the CPU this is one: a picture takes the same time in a
 * batch of 1 as in one of 64 (`npm run bench -- batch`: 36 to 41 ms of processor time), no picture depends on
 * its neighbours, and cancelling waits for a single picture. On other devices it is as many as keep the
 * device busy, as measured by its probe, but no more than fit in half of its memory. The other half is for
 * weights, work space and other programs.
 *
 * @param activationBytes  of one picture; null if unknown
 */
export function automaticBatch(capacity: Placement['capacity'], activationBytes: number | null): number {
  if (!capacity) return 1
  const { batch, memoryBytes } = capacity
  if (memoryBytes === null || activationBytes === null) return Math.min(batch, modestBatch)
  return Math.max(1, Math.min(batch, Math.floor(memoryBytes / 2 / activationBytes)))
}
