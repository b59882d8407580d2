/** A batch of images or latents: row-major [N, C, H, W], float32. Pixels are on the model's range [-1, 1]. */
export interface Tensor {
  readonly data: Float32Array
  readonly shape: readonly number[]
}

/** Number of values a shape holds. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, side) => size * side, 1)
}

/**
 * Views data as a tensor, or makes one of zeros.
 *
 * @throws RangeError when data and shape disagree in size.
 */
export function createTensor(
  shape: readonly number[],
  data: Float32Array = new Float32Array(sizeOf(shape)),
): Tensor {
  if (data.length !== sizeOf(shape)) {
    throw new RangeError(
      `A tensor of shape [${shape.join(', ')}] holds ${sizeOf(shape)} values, not ${data.length}.`,
    )
  }
  return { data, shape }
}

/** Item `index` of a batch as a batch of one, sharing memory. */
export function itemOf(batch: Tensor, index: number): Tensor {
  return itemsOf(batch, index, index + 1)
}

/** Items `from` up to, but not with, `to` of a batch as a smaller one, sharing memory. */
export function itemsOf(batch: Tensor, from: number, to: number): Tensor {
  const [count, ...itemShape] = batch.shape
  if (!(from >= 0 && from < to && to <= count)) {
    throw new RangeError(`Items ${from} to ${to - 1} of a batch of ${count}.`)
  }
  const size = sizeOf(itemShape)
  return { data: batch.data.subarray(from * size, to * size), shape: [to - from, ...itemShape] }
}

/** Joins batches of equal item shape along N, copying. */
export function concatenate(batches: readonly Tensor[]): Tensor {
  const itemShape = batches[0].shape.slice(1)
  const count = batches.reduce((sum, batch) => sum + batch.shape[0], 0)
  const joined = createTensor([count, ...itemShape])
  let offset = 0
  for (const { data, shape } of batches) {
    if (shape.slice(1).join() !== itemShape.join()) {
      throw new RangeError(
        `Cannot join items of shape [${shape.slice(1).join(', ')}] and [${itemShape.join(', ')}].`,
      )
    }
    joined.data.set(data, offset)
    offset += data.length
  }
  return joined
}
