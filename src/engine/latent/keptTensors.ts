import { z } from 'zod'
import type { Tensor } from '#core/diffusion/tensor'
import type { ComputeInfo, ModelInfo } from '#shared/reports'
import { computeRecord } from '../model/network/computeRecord'
import { decodeSafetensors, encodeSafetensors } from '../model/weights/safetensors'
import { type Encoding, type RoundTrip, roundTripOf } from './encodedPicture'
import { latentRecord } from './latentRecord'

/** How encodings and round trips are kept on disk: tensors, and what else is known as JSON in the header. */

const recordKey = 'record'

/** What an encoding keeps besides its tensors. It may come out of somebody else's project. */
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

/** An encoding as bytes. */
export function encodeEncoding({ picture, latent, ...known }: Encoding): Uint8Array {
  const { x, timestep, previousState } = latent
  const told = { ...known, timestep, previousTimestep: previousState?.timestep ?? null }
  const states = { picture, x, ...(previousState && { previous: previousState.x }) }
  return encodeSafetensors(states, { [recordKey]: JSON.stringify(told) })
}

/**
 * The encoding that {@link encodeEncoding} made bytes of.
 *
 * @param info  of the model that it is to belong to
 * @throws when they are not such bytes, or those of another kind of model
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
  return { ...known, picture: seen, latent }
}

/** What computed an encoding that is kept as bytes; null where they do not say. */
export function computeOfEncoding(bytes: Buffer): ComputeInfo | null {
  try {
    return record.parse(JSON.parse(decodeSafetensors(bytes).metadata[recordKey])).compute
  } catch {
    return null
  }
}

/** A round trip as bytes: how far it is from the picture is measured again. */
export function encodeRoundTrip({ reconstruction, autoencoded }: RoundTrip): Uint8Array {
  return encodeSafetensors({ reconstruction, ...(autoencoded && { autoencoded }) })
}

/** The round trip of a picture that {@link encodeRoundTrip} made bytes of. @throws when they are not such bytes */
export function decodeRoundTrip(bytes: Buffer, picture: Tensor): RoundTrip {
  const { tensors } = decodeSafetensors(bytes)
  const autoencoded = tensors.has('autoencoded') ? need(tensors, 'autoencoded', picture.shape) : null
  return roundTripOf(picture, need(tensors, 'reconstruction', picture.shape), autoencoded)
}

/** A tensor of finite numbers with this shape. */
function need(tensors: ReadonlyMap<string, Tensor>, name: string, shape: readonly number[]): Tensor {
  const tensor = tensors.get(name)
  if (tensor?.shape.join() !== shape.join())
    throw new RangeError(`There is no tensor "${name}" of shape [${shape.join(', ')}].`)
  if (!tensor.data.every(Number.isFinite))
    throw new RangeError(`The tensor "${name}" holds what is no number.`)
  return tensor
}
