import type { Placement } from '#shared/devices'

/** The limit for a device whose memory or whose model's memory needs are unknown. */
const modestBatch = 8

/**
 * If the activations of a picture take fewer bytes than this, evaluating one picture at a time leaves the CPU
 * waiting for weights.
 */
const smallActivationBytes = 2 ** 21

/**
 * The batch size of a small network on the CPU: larger ones gain nothing, and cancelling waits for the whole batch.
 */
const smallBatch = 8

/**
 * Chooses how many pictures the CPU evaluates at once. For most networks this is one: a picture takes the same time
 * in a batch of 1 as in one of 64 (`npm run bench -- batch`), and cancelling waits for a single picture. With a
 * small network, such as that of fruits-96, a picture in a batch of 8 takes little more than half the time of one
 * alone.
 *
 * @param activationBytes  of one picture in the diffusion network; null if unknown
 */
export function cpuBatch(activationBytes: number | null): number {
  return activationBytes !== null && activationBytes <= smallActivationBytes ? smallBatch : 1
}

/**
 * Chooses how many pictures to evaluate at once on a device other than the CPU: as many as keep it busy, as measured
 * by its probe, but no more than fit in half of its memory. The other half is for weights, work space and other
 * programs.
 *
 * @param activationBytes  of one picture in the most demanding network; null if unknown
 */
export function deviceBatch(
  capacity: NonNullable<Placement['capacity']>,
  activationBytes: number | null,
): number {
  const { batch, memoryBytes } = capacity
  if (memoryBytes === null || activationBytes === null) return Math.min(batch, modestBatch)
  return Math.max(1, Math.min(batch, Math.floor(memoryBytes / 2 / activationBytes)))
}
