import type { Tensor } from '#core/diffusion/tensor'
import { decodeSafetensors, encodeSafetensors } from '../model/weights/safetensors'
import { type Encoding, type RoundTrip, roundTripOf } from './encodedPicture'

/** How encodings and round trips are kept on disk: tensors, and what else is known as JSON in the header. */

const recordKey = 'record'

/** An encoding as bytes. */
export function encodeEncoding({ picture, latent, ...known }: Encoding): Uint8Array {
  const { x, timestep, previousState } = latent
  const record = { ...known, timestep, previousTimestep: previousState?.timestep ?? null }
  const states = { picture, x, ...(previousState && { previous: previousState.x }) }
  return encodeSafetensors(states, { [recordKey]: JSON.stringify(record) })
}

/** The encoding that {@link encodeEncoding} made bytes of. @throws when they are not such bytes */
export function decodeEncoding(bytes: Buffer): Encoding {
  const { tensors, metadata } = decodeSafetensors(bytes)
  const { timestep, previousTimestep, ...known } = JSON.parse(metadata[recordKey]) as Omit<
    Encoding,
    'picture' | 'latent'
  > & { timestep: number; previousTimestep: number | null }
  const x = need(tensors, 'x')
  const latent =
    previousTimestep === null
      ? { x, timestep }
      : { x, timestep, previousState: { x: need(tensors, 'previous'), timestep: previousTimestep } }
  return { ...known, picture: need(tensors, 'picture'), latent }
}

/** A round trip as bytes: how far it is from the picture is measured again. */
export function encodeRoundTrip({ reconstruction, autoencoded }: RoundTrip): Uint8Array {
  return encodeSafetensors({ reconstruction, ...(autoencoded && { autoencoded }) })
}

/** The round trip of a picture that {@link encodeRoundTrip} made bytes of. @throws when they are not such bytes */
export function decodeRoundTrip(bytes: Buffer, picture: Tensor): RoundTrip {
  const { tensors } = decodeSafetensors(bytes)
  return roundTripOf(picture, need(tensors, 'reconstruction'), tensors.get('autoencoded') ?? null)
}

function need(tensors: ReadonlyMap<string, Tensor>, name: string): Tensor {
  const tensor = tensors.get(name)
  if (!tensor) throw new RangeError(`There is no tensor "${name}".`)
  return tensor
}
