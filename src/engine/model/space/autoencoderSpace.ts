import { StudioError } from '#shared/errors'
import { createTensor, itemsOf, type Tensor } from '#core/diffusion/tensor'
import { unconditional } from '../network/condition'
import { evaluateSlices, type EvaluationTurn, isFinite } from '../network/evaluateSlices'
import { faultOfStates } from '../network/faultOfStates'
import type { Network } from '../network/Network'
import { PaceMeter } from '../network/PaceMeter'
import { undisputed, type Turns } from '../network/Turns'
import { LinearPreview } from './LinearPreview'
import type { ItemShape, Space } from './Space'
import { cutTiles, joinTiles, type TileSize } from './tiling'

/** The parts of a latent space. */
export interface AutoencoderSpaceOptions {
  /** Identifies the model in messages. */
  readonly model: { readonly id: string }
  readonly encoder: Network
  readonly decoder: Network
  readonly turns: Turns
  readonly pictureShape: ItemShape
  readonly stateShape: ItemShape
  /** The part of a state that the decoder takes at once; null for the whole state. */
  readonly tile: TileSize | null
  /** Whether encoder and decoder may both stay open and keep their working memory. */
  readonly keepsBoth: boolean
}

/** An autoencoder takes no timestep. */
const noTimestep = 0

/**
 * Creates the space of latent diffusion: states are an autoencoder's codes, shifted and scaled. Its two
 * networks output states and pictures directly.
 */
export function autoencoderSpace(options: AutoencoderSpaceOptions): Space {
  const { model, encoder, decoder, turns, pictureShape, stateShape, tile, keepsBoth } = options
  const linear = new LinearPreview()
  const pace = new PaceMeter()
  const run = async (network: Network, batch: Tensor, shape: ItemShape, turn: EvaluationTurn) => {
    const out = createTensor([batch.shape[0], ...shape])
    const other = network === encoder ? decoder : encoder
    const evaluate = async (from: number, to: number) => {
      if (!keepsBoth) await other.close()
      const slice = { sample: itemsOf(batch, from, to), timestep: noTimestep, condition: unconditional }
      await network.evaluate(slice, itemsOf(out, from, to), turn)
    }
    await evaluateSlices({ network, turns }, batch.shape[0], evaluate, turn)
    if (!isFinite(out.data)) throw notFinite(model, network, batch)
    return out
  }
  /** Decodes in tiles. Each is a separate evaluation, so decoding can be cancelled between them. */
  const decodeTiles = async (states: Tensor, size: TileSize, turn: EvaluationTurn) => {
    const [channels, height] = pictureShape
    const [, stateHeight, stateWidth] = stateShape
    const factor = height / stateHeight
    const shape = [channels, size.height * factor, size.width * factor] as const
    const pictures = await run(decoder, cutTiles(states, size), shape, turn)
    return joinTiles(pictures, { height: stateHeight, width: stateWidth }, size)
  }
  return {
    pictureShape,
    stateShape,
    isLossless: false,
    async encode(pictures, turn) {
      const states = await run(encoder, pictures, stateShape, turn)
      linear.learn(states, pictures)
      return states
    },
    async decode(states, asked) {
      let spent = 0
      const onEnd: EvaluationTurn['onEnd'] = (items, seconds) => {
        spent += seconds
        asked.onEnd?.(items, seconds)
      }
      const turn = { ...asked, onEnd }
      const pictures =
        tile === null ? await run(decoder, states, pictureShape, turn) : await decodeTiles(states, tile, turn)
      // A state may be several tiles, so that the evaluations themselves say nothing.
      pace.note(1, spent / states.shape[0])
      linear.learn(states, pictures)
      return pictures
    },
    secondsPerDecoding: () => pace.secondsOf(1),
    preview: (states) => linear.of(states, pictureShape[0]),
    async close() {
      await turns.take(() => Promise.all([encoder.close(), decoder.close()]), undisputed)
    },
  }
}

/** Pictures lie in [-1, 1], and states are scaled to a standard deviation of about 1. */
const usualSize = 1

function notFinite({ id }: { readonly id: string }, network: Network, batch: Tensor): StudioError {
  const fault = faultOfStates(batch, usualSize)
  const deviceFailure = fault === null ? network.deviceFailure('NaN or infinity from the autoencoder') : null
  if (deviceFailure) return deviceFailure
  const cause = fault ?? 'its weights are probably damaged. Download the model again'
  return new StudioError('NOT_FINITE', `The autoencoder of ${id} returned NaN or infinity: ${cause}.`)
}
