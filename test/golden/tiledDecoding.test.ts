import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { measureFidelity } from '#core/diffusion/fidelity'
import { createGaussian } from '#core/random/gaussian'
import { createTensor } from '#core/diffusion/tensor'
import { readJson } from '#files/fileAccess'
import { activationBytes } from '#engine/model/graph/networkGraph'
import { readAutoencoder } from '#engine/model/graph/autoencoder/autoencoders'
import { type AutoencoderPlan, writeCoding } from '#engine/model/graph/autoencoder/autoencoderGraph'
import { builtAutoencoder } from '#engine/model/graph/autoencoder/builtAutoencoder'
import { tileSizeFor } from '#engine/model/graph/autoencoder/tileSize'
import { computeTypes } from '#engine/model/graph/graphWriter'
import { createOnnxSession } from '#engine/model/network/onnx'
import { OnnxNetwork } from '#engine/model/network/OnnxNetwork'
import { Turns, undisputed } from '#engine/model/network/Turns'
import { readModelInfo } from '#engine/model/folders/modelInfo'
import { openModel } from '#engine/model/denoiser/openModel'
import { autoencoderSpace } from '#engine/model/space/autoencoderSpace'

const root = fileURLToPath(new URL('fixtures/latent/', import.meta.url))
const side = 64

async function planOf(name: string): Promise<AutoencoderPlan> {
  const config = join(root, name, 'vae/config.json')
  const { autoencoder } = readAutoencoder(await readJson(config, 'BAD_MODEL'), config)
  return { autoencoder, stateSize: { height: side, width: side } }
}

/** The space of a golden autoencoder, for states of 64 x 64 positions. */
async function spaceOf(name: string, plan: AutoencoderPlan, tile: AutoencoderPlan['stateSize'] | null) {
  const info = await readModelInfo(join(root, name))
  const { compute } = await openModel({ path: join(root, name), threads: 1 })
  const weightFiles = [join(root, name, 'vae/diffusion_pytorch_model.safetensors')]
  const open = (graph: Uint8Array, options: object) => createOnnxSession(graph, { ...options, threads: 1 })
  const { encoder, decoder } = await builtAutoencoder({ ...plan, weightFiles, tile }, info, 'fp32', open)
  const { stateChannels, pictureChannels, factor } = plan.autoencoder
  return autoencoderSpace({
    model: info,
    encoder: new OnnxNetwork(encoder, compute, name),
    decoder: new OnnxNetwork(decoder, compute, name),
    turns: new Turns(),
    pictureShape: [pictureChannels, side * factor, side * factor],
    stateShape: [stateChannels, side, side],
    tile,
    keepsBoth: true,
  })
}

function smoothStates() {
  const states = createTensor([1, 4, side, side])
  createGaussian(5).fill(states.data)
  return states
}

describe('decoding in tiles', () => {
  it.each(['tiny', 'kl'])(
    'of %s comes close to decoding all at once, with at most half the memory',
    async (name) => {
      const plan = await planOf(name)
      const bytesOf = (stateSize: AutoencoderPlan['stateSize']) =>
        activationBytes(writeCoding('decoder', { ...plan, stateSize }, 1), computeTypes.fp32)
      const limit = bytesOf(plan.stateSize) / 2
      const tile = tileSizeFor(plan, limit)!
      expect(bytesOf(tile)).toBeLessThanOrEqual(limit)
      expect(tileSizeFor(plan, 2 * limit)).toBeNull()
      const states = smoothStates()
      const whole = await (await spaceOf(name, plan, null)).decode(states, undisputed)
      const tiled = await (await spaceOf(name, plan, tile)).decode(states, undisputed)
      expect(tiled.shape).toEqual(whole.shape)
      expect(measureFidelity(whole, tiled).psnr).toBeGreaterThan(30)
    },
  )
})
