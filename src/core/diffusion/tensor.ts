import { DomainError } from '../DomainError'

/** A batch of images or latents: row-major [N, C, H, W], float32. Pixels are in the model's range [-1, 1]. */
export interface Tensor {
  readonly data: Float32Array
  readonly shape: readonly number[]
}

/** Returns the number of values that a shape holds. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, side) => size * side, 1)
}

/**
 * Wraps data as a tensor without copying it, or creates a tensor of zeros.
 *
 * @throws DomainError when data and shape disagree in size.
 */
export function createTensor(
  shape: readonly number[],
  data: Float32Array = new Float32Array(sizeOf(shape)),
): Tensor {
  if (data.length !== sizeOf(shape)) {
    throw new DomainError(
      `A tensor of shape [${shape.join(', ')}] holds ${sizeOf(shape)} values, not ${data.length}.`,
    )
  }
  return { data, shape }
}

/** Returns item `index` of a batch as a batch of one, sharing memory. */
export function itemOf(batch: Tensor, index: number): Tensor {
  return itemsOf(batch, index, index + 1)
}

/** Returns items `from` to `to` of a batch, excluding `to`, as a smaller batch that shares memory. */
export function itemsOf(batch: Tensor, from: number, to: number): Tensor {
  const [count, ...itemShape] = batch.shape
  if (!(from >= 0 && from < to && to <= count)) {
    throw new DomainError(`Items ${from} to ${to - 1} of a batch of ${count}.`)
  }
  const size = sizeOf(itemShape)
  return { data: batch.data.subarray(from * size, to * size), shape: [to - from, ...itemShape] }
}

/** Concatenates batches of equal item shape along N, copying them. */
export function concatenate(batches: readonly Tensor[]): Tensor {
  const itemShape = batches[0].shape.slice(1)
  const count = batches.reduce((sum, batch) => sum + batch.shape[0], 0)
  const joined = createTensor([count, ...itemShape])
  let offset = 0
  for (const { data, shape } of batches) {
    if (shape.slice(1).join() !== itemShape.join()) {
      throw new DomainError(
        `Cannot join items of shape [${shape.slice(1).join(', ')}] and [${itemShape.join(', ')}].`,
      )
    }
    joined.data.set(data, offset)
    offset += data.length
  }
  return joined
}

/** Copies the first channels of every item, as many as `out` has; it must have the same items, height and width. */
export function copyFirstChannels(from: Tensor, out: Tensor): void {
  const [itemFrom, itemOut] = [from, out].map(({ shape }) => sizeOf(shape.slice(1)))
  for (let i = 0; i < out.shape[0]; i++) {
    out.data.set(from.data.subarray(i * itemFrom, i * itemFrom + itemOut), i * itemOut)
  }
}
