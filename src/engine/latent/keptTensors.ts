import { z } from 'zod'
import type { Tensor } from '#core/diffusion/tensor'
import type { ComputeInfo, ModelInfo } from '#shared/reports'
import { computeRecord } from '../model/network/computeRecord'
import { decodeSafetensors, encodeSafetensors } from '../model/weights/safetensors'
import { type Encoding, type RoundTrip, roundTripOf } from './encodedPicture'
import { latentRecord } from './latentRecord'

/**
 * Metadata key of the JSON record. Encodings and round trips are stored on disk as tensors, with everything
 * else in this record.
 */
const recordKey = 'record'

/**
 * The stored facts about an encoding, besides its tensors. Untrusted, because it may come from someone else's
 * project.
 */
const record = z.object({
  timestep: z.int().min(0),
  previousTimestep: z.int().min(0).nullable(),
  forecast: latentRecord.shape.forecast,
  stateStd: z.number(),
  compute: computeRecord,
  machine: z.string(),
  evaluations: z.int().min(0),
  seconds: z.number().min(0),
})

/** Encodes an encoding as bytes. */
export function encodeEncoding({ picture, latent, x0: _, ...known }: Encoding): Uint8Array {
  const { x, timestep, previousState } = latent
  const told = { ...known, timestep, previousTimestep: previousState?.timestep ?? null }
  const states = { picture, x, ...(previousState && { previous: previousState.x }) }
  return encodeSafetensors(states, { [recordKey]: JSON.stringify(told) })
}

/**
 * Decodes the bytes that {@link encodeEncoding} returned.
 *
 * @param info  of the model that it must belong to
 * @throws if the bytes are invalid or belong to another kind of model
 */
export function decodeEncoding(bytes: Buffer, { state, picture, numTrainTimesteps }: ModelInfo): Encoding {
  const { tensors, metadata } = decodeSafetensors(bytes)
  const { timestep, previousTimestep, ...known } = record.parse(JSON.parse(metadata[recordKey]))
  if (timestep >= numTrainTimesteps) throw new RangeError(`There is no timestep ${timestep}.`)
  const shapeOfState = [1, state.channels, state.height, state.width]
  const x = need(tensors, 'x', shapeOfState)
  const latent =
    previousTimestep === null
      ? { x, timestep }
      : {
          x,
          timestep,
          previousState: { x: need(tensors, 'previous', shapeOfState), timestep: previousTimestep },
        }
  const seen = need(tensors, 'picture', [1, picture.channels, picture.height, picture.width])
  return { ...known, picture: seen, x0: null, latent }
}

/** Returns what computed an encoding stored as bytes; null if they do not record it. */
export function computeOfEncoding(bytes: Buffer): ComputeInfo | null {
  try {
    return record.parse(JSON.parse(decodeSafetensors(bytes).metadata[recordKey])).compute
  } catch {
    return null
  }
}

/**
 * Encodes a round trip as bytes. Its distance from the picture is omitted, since it can be measured again.
 */
export function encodeRoundTrip({ reconstruction, autoencoded }: RoundTrip): Uint8Array {
  return encodeSafetensors({ reconstruction, ...(autoencoded && { autoencoded }) })
}

/**
 * Decodes a picture's round trip from the bytes that {@link encodeRoundTrip} returned.
 *
 * @throws if the bytes are invalid
 */
export function decodeRoundTrip(bytes: Buffer, picture: Tensor): RoundTrip {
  const { tensors } = decodeSafetensors(bytes)
  const autoencoded = tensors.has('autoencoded') ? need(tensors, 'autoencoded', picture.shape) : null
  return roundTripOf(picture, need(tensors, 'reconstruction', picture.shape), autoencoded)
}

/** Returns the tensor of this name after checking its shape and that its values are finite. */
function need(tensors: ReadonlyMap<string, Tensor>, name: string, shape: readonly number[]): Tensor {
  const tensor = tensors.get(name)
  if (tensor?.shape.join() !== shape.join())
    throw new RangeError(`There is no tensor "${name}" of shape [${shape.join(', ')}].`)
  if (!tensor.data.every(Number.isFinite))
    throw new RangeError(`The tensor "${name}" holds what is no number.`)
  return tensor
}
