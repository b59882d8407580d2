import { concatenate, itemOf, type Tensor } from '#core/diffusion/tensor'
import type { Job } from '../job/Job'
import { splitEvenly } from './splitEvenly'

/** A picture that a study measures, and what all its cells need of the autoencoder. */
export interface CodedPicture {
  /** On [-1, 1], [1, C, H, W]. */
  readonly picture: Tensor
  /** The state that every cell starts from; the picture itself in a pixel-space model. */
  readonly x0: Tensor
  /** The picture that x0 decodes to; null if it is not kept, or in a pixel-space model, which needs none. */
  readonly autoencoded: Tensor | null
}

/** The part of a job that coding needs. */
export type CodingJob = Pick<Job, 'encodePictures' | 'decodeStates' | 'isLossless'>

/** Enough for 341 pictures of 512 x 512 pixels. */
const mostKeptBytes = 2 ** 30

/**
 * Passes pictures through the autoencoder once, because the result is the same in every cell. They go through it
 * in the batches that cells form, so that each cell would get the same bits.
 *
 * @param pictures  each [1, C, H, W] on [-1, 1]
 * @param batch  the most pictures that go through the network at once
 * @param keptBytes  the most memory for autoencoded pictures; those beyond it are null
 */
export async function codePictures(
  pictures: readonly Tensor[],
  batch: number,
  job: CodingJob,
  keptBytes = mostKeptBytes,
): Promise<CodedPicture[]> {
  if (job.isLossless) return pictures.map((picture) => ({ picture, x0: picture, autoencoded: null }))
  const coded: CodedPicture[] = []
  let free = keptBytes
  for (const group of splitEvenly(pictures, batch)) {
    const joined = concatenate(group)
    free -= joined.data.byteLength
    const states = await job.encodePictures(joined)
    const decoded = free < 0 ? null : await job.decodeStates(states)
    coded.push(
      ...group.map((picture, i) => ({
        picture,
        x0: itemOf(states, i),
        autoencoded: decoded && itemOf(decoded, i),
      })),
    )
  }
  return coded
}
