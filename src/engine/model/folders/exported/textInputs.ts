import { floatTypeOf, type Port } from './ports'

/** How a graph wants to be shown a text, as diffusers and optimum name it. */
export interface TextInputs {
  /** Embeddings of all tokens, [N, M, C]. */
  readonly tokens: Port
  /** Of SDXL, the embedding of the text as a whole, [N, P]; null for networks that take none. */
  readonly pooled: Port | null
  /** Of SDXL, the sizes of the picture, [N, 6]; null for networks that take none. */
  readonly sizes: Port | null
}

/** The inputs of a text among those of a network; null for a network that is shown none. */
export function textInputsOf(inputs: readonly Port[]): TextInputs | null {
  const find = (name: string, axes: number) =>
    inputs.find((port) => port.name === name && port.sides.length === axes && floatTypeOf(port)) ?? null
  const tokens = find('encoder_hidden_states', 3)
  const [pooled, sizes] = [find('text_embeds', 2), find('time_ids', 2)]
  // The refiner of SDXL is shown a score for beauty in their place.
  if (typeof sizes?.sides[1] === 'number' && sizes.sides[1] !== 6) return null
  return tokens && (pooled === null) === (sizes === null) ? { tokens, pooled, sizes } : null
}

/** Channels of a token; null where the graph leaves them open. */
export function textChannelsOf({ tokens }: TextInputs): number | null {
  const [, , channels] = tokens.sides
  return typeof channels === 'number' ? channels : null
}
