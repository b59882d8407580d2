import type { Placement } from '#shared/devices'

/**
 * On the CPU a picture takes as long in a batch of 1 as in one of 64 (`npm run bench -- batch`: 36 to 41 ms of processor
 * time). 8 share what a step costs besides, hold little memory, and let a cancel wait no longer than need be.
 */
export const usualBatch = 8

/**
 * How many pictures to evaluate at once: as many as keep the device busy, as its probe has measured, but no more than
 * half of its memory holds. The other half is for weights, work space and other programs.
 *
 * @param activationBytes  what one picture takes; null where nobody can tell
 */
export function automaticBatch(capacity: Placement['capacity'], activationBytes: number | null): number {
  if (!capacity) return usualBatch
  const { batch, memoryBytes } = capacity
  if (memoryBytes === null || activationBytes === null) return Math.min(batch, usualBatch)
  return Math.max(1, Math.min(batch, Math.floor(memoryBytes / 2 / activationBytes)))
}

/** A CPU gains nothing from a batch whose activations take more than this, in bytes. */
const bytesOfCpu = 2 ** 30

/** How many pictures a CPU evaluates at once: no more than the usual, and fewer large ones. */
export function batchOfCpu(activationBytes: number | null): number {
  if (activationBytes === null) return usualBatch
  return Math.max(1, Math.min(usualBatch, Math.floor(bytesOfCpu / activationBytes)))
}
