import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openModel } from '#engine/model/denoiser/openModel'
import { readModelInfo } from '#engine/model/folders/modelInfo'
import { ModelCopy, goldenRoot } from '../fixtures/modelCopy'
import { encodeTorchFile } from '../fixtures/torchFile'
import { largestDifference, readGolden } from './goldenUnet'

const name = 'gray-no-mid-attention'
let copy: ModelCopy
beforeEach(async () => {
  copy = await ModelCopy.of(name)
})
afterEach(() => copy.remove())

/** The largest difference between the copy's output and the one recorded from diffusers. */
async function distanceFromGolden(): Promise<number> {
  const { sample, epsilons } = await readGolden(join(goldenRoot, name))
  const model = await openModel({ path: copy.folder, threads: 1 })
  const { data } = await model.denoiser.predict(sample, 500)
  await model.close()
  return largestDifference(data, epsilons.get(500)!.data)
}

describe('a golden U-Net with its weights stored differently', () => {
  it('predicts the same from a PyTorch file (would catch reading the wrong entry in place)', async () => {
    const bin = join(copy.folder, 'unet/diffusion_pytorch_model.bin')
    await writeFile(bin, await encodeTorchFile(await copy.readTensors()))
    await rm(copy.weightsPath)
    expect(await distanceFromGolden()).toBeLessThan(1e-4)
  })

  it('predicts the same with integers stored that it does not use (would catch refusing what nothing asks for)', async () => {
    const counter = { dtype: 'I64' as const, shape: [1], data: new Uint8Array(8) }
    await copy.changeTensors((tensors) => ({ ...tensors, 'norm.num_batches_tracked': counter }))
    expect(await distanceFromGolden()).toBeLessThan(1e-4)
  })

  it('is refused for integers in the place of weights, before anything is computed', async () => {
    await copy.changeTensors((tensors) => {
      const { shape } = tensors['conv_in.bias']
      return { ...tensors, 'conv_in.bias': { dtype: 'I8', shape, data: new Uint8Array(shape[0]) } }
    })
    await expect(readModelInfo(copy.folder)).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      message: expect.stringMatching(
        /"conv_in.bias".*diffusion_pytorch_model.*of type I8, not floating point/,
      ),
    })
  })

  it.each(['_orig_mod.', 'module.', 'model.unet.'])(
    'predicts the same when all tensor names begin with %s',
    async (prefix) => {
      await copy.changeTensors((tensors) =>
        Object.fromEntries(Object.entries(tensors).map(([key, tensor]) => [prefix + key, tensor])),
      )
      expect(await distanceFromGolden()).toBeLessThan(1e-4)
    },
  )
})
