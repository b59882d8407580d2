import { addedSizes } from '../../graph/conditionUnetConfig'
import type { TextIntake } from '../../graph/unet'
import { floatTypeOf, type Port } from './ports'

/** How a graph takes a text, by the names that diffusers and optimum use. */
export interface TextInputs {
  /** Embeddings of all tokens, [N, M, C]. */
  readonly tokens: Port
  /** For SDXL, the pooled text embedding, [N, P]; null for networks without it. */
  readonly pooled: Port | null
  /** For SDXL, the sizes of the picture, [N, 6]; null for networks without them. */
  readonly sizes: Port | null
}

/** Finds the text inputs of a network; null for a network without text. */
export function textInputsOf(inputs: readonly Port[]): TextInputs | null {
  const find = (name: string, axes: number) =>
    inputs.find((port) => port.name === name && port.sides.length === axes && floatTypeOf(port)) ?? null
  const tokens = find('encoder_hidden_states', 3)
  const [pooled, sizes] = [find('text_embeds', 2), find('time_ids', 2)]
  // The SDXL refiner takes an aesthetic score in their place.
  if (typeof sizes?.sides[1] === 'number' && sizes.sides[1] !== addedSizes) return null
  return tokens && (pooled === null) === (sizes === null) ? { tokens, pooled, sizes } : null
}

/** Returns what a graph takes from a text, as far as it does not leave that open. */
export function textIntakeOf({ tokens, pooled }: TextInputs): TextIntake {
  const side = (port: Port | null, axis: number) => {
    const length = port?.sides[axis]
    return typeof length === 'number' ? length : null
  }
  const length = side(pooled, 1)
  return {
    channels: side(tokens, 2),
    tokens: side(tokens, 1),
    isPooled: pooled !== null,
    // The sinusoids of the sizes are part of the graph.
    added: length === null ? null : { length, sinusoidChannels: 0 },
  }
}
