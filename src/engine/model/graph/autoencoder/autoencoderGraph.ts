import type { WriteNetwork } from '../networkGraph'
import { add, mul } from '../operators'
import type { Autoencoder } from './Autoencoder'

/** The two networks of an autoencoder. */
export const codings = ['encoder', 'decoder'] as const
export type Coding = (typeof codings)[number]

/** The parameters for building the graphs of an autoencoder. */
export interface AutoencoderPlan {
  readonly autoencoder: Autoencoder
  /** The size of one state, in positions. */
  readonly stateSize: { readonly height: number; readonly width: number }
}

/**
 * Writes the network of an encoder or decoder for one batch size. Its input is `sample`, pictures
 * [N, 1 or 3, H, W] in [-1, 1] or states [N, C, h, w], and its output is the other of the two: it includes
 * the shift and scale between codes and states.
 */
export function writeCoding(
  coding: Coding,
  { autoencoder, stateSize: { height, width } }: AutoencoderPlan,
  batch: number,
): WriteNetwork {
  const { pictureChannels, stateChannels, factor, scale } = autoencoder
  return (model) => {
    const perChannel = (values: readonly number[]) => model.graph.floats(values, [stateChannels, 1, 1])
    if (coding === 'encoder') {
      const shape = [batch, pictureChannels, height * factor, width * factor]
      const pictures = model.graph.input('sample', shape, model.graph.stateType)
      const code = autoencoder.writeEncoder(model, pictures)
      const centred = add(model, code, perChannel(scale.shift.map((shift) => -shift)))
      return mul(model, centred, perChannel(scale.factor))
    }
    const shape = [batch, stateChannels, height, width]
    const states = model.graph.input('sample', shape, model.graph.stateType)
    const centred = mul(model, states, perChannel(scale.factor.map((one) => 1 / one)))
    return autoencoder.writeDecoder(model, add(model, centred, perChannel(scale.shift)))
  }
}
