import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createTensor } from '#core/diffusion/tensor'
import { readModelInfo } from '#engine/model/folders/modelInfo'
import { openModel } from '#engine/model/denoiser/openModel'
import { exportedWeights, writeExportedGraph, writeExportedSchedule } from '../../../fixtures/exportedModel'
import { encodeTorchFile } from '../../../fixtures/torchFile'
import { ModelCopy } from '../../../fixtures/modelCopy'

/**
 * Every way a model folder can be broken: one sentence names the file and the problem before anything runs.
 */
let copy: ModelCopy
beforeEach(async () => {
  copy = await ModelCopy.of('gray-no-mid-attention')
})
afterEach(() => copy.remove())

const open = (path = copy.folder) => openModel({ path, threads: 1 })

async function expectRefusal(code: string, ...parts: string[]): Promise<void> {
  const error: unknown = await open().catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ name: 'StudioError', code })
  for (const part of parts) expect((error as Error).message).toContain(part)
}

describe('opening an invalid model folder', () => {
  it('gives different reasons for a missing folder, a folder without a model and a file', async () => {
    await expect(open(join(copy.folder, 'nowhere'))).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(open(join(copy.folder, 'scheduler'))).rejects.toThrow(
      /holds no model: choose .* with unet\/config\.json, or one with an \.onnx graph/,
    )
    await expect(open(join(copy.folder, 'model_index.json'))).rejects.toThrow(/is a file: choose the folder/)
  })

  it('names the missing part', async () => {
    await rm(join(copy.folder, 'scheduler'), { recursive: true })
    await expectRefusal('BAD_MODEL', 'put the scheduler_config.json')
  })

  it.each([
    ['is not JSON', '{"sample_size": 16', 'BAD_MODEL', 'not valid JSON'],
    [
      'belongs to another network',
      '{"_class_name": "SD3Transformer2DModel"}',
      'UNSUPPORTED',
      '"UNet2DConditionModel": choose another model',
    ],
    ['is a list', '[]', 'BAD_MODEL', 'is not a model configuration: download the model again'],
    ['is null', 'null', 'BAD_MODEL', 'config.json'],
  ])('rejects a config.json that %s', async (_, text, code, part) => {
    await writeFile(join(copy.folder, 'unet/config.json'), text)
    await expectRefusal(code, part)
  })

  it('rejects latent channels without an autoencoder at once (would catch an error only at the first encode)', async () => {
    await copy.changeJson('unet/config.json', { in_channels: 4, out_channels: 4 })
    await copy.changeTensors((tensors) => ({
      ...tensors,
      'conv_in.weight': { shape: [16, 4, 3, 3], data: new Uint8Array(4 * 16 * 4 * 9) },
      'conv_out.weight': { shape: [4, 16, 3, 3], data: new Uint8Array(4 * 4 * 16 * 9) },
      'conv_out.bias': { shape: [4], data: new Uint8Array(4 * 4) },
    }))
    await expectRefusal('UNSUPPORTED', '4 channels', 'autoencoder is not there')
  })

  it.each([1_000_000, 100_000])(
    'rejects pictures of %i pixels a side because of the memory they need (would catch a hang)',
    async (size) => {
      await copy.changeJson('unet/config.json', { sample_size: size })
      await expectRefusal('UNSUPPORTED', 'of memory', 'this machine has')
    },
  )

  it('names the scheduler file and its problem', async () => {
    await copy.changeJson('scheduler/scheduler_config.json', { beta_schedule: 'cubic' })
    await expectRefusal('UNSUPPORTED', 'scheduler_config.json', 'cubic')
  })

  it('calls a scheduler of wrong types damaged, and not unsupported', async () => {
    await copy.changeJson('scheduler/scheduler_config.json', { num_train_timesteps: 'many' })
    await expectRefusal('BAD_MODEL', 'scheduler_config.json', 'many')
  })
})

describe('loading a model with invalid weights', () => {
  it.each([
    [
      'a Git LFS pointer',
      'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n',
      'git lfs pull',
    ],
    ['an empty file', '', 'is empty'],
  ])('recognises %s in place of the weights', async (_, content, part) => {
    await writeFile(copy.weightsPath, content)
    await expectRefusal('BAD_MODEL', copy.weightsPath, part)
  })

  it('names a function that a pickle calls (would catch running its code)', async () => {
    const tensors = await copy.readTensors()
    await rename(copy.weightsPath, `${copy.weightsPath}.gone`)
    const path = join(copy.folder, 'unet/diffusion_pytorch_model.bin')
    const pickle = Buffer.from('cposix\nsystem\n(X\x02\0\0\0idtR.', 'latin1')
    await writeFile(path, await encodeTorchFile(tensors, pickle))
    await expectRefusal('BAD_MODEL', path, 'posix.system')
  })

  it('names a missing tensor', async () => {
    await copy.changeTensors(({ 'mid_block.resnets.1.conv2.bias': _, ...rest }) => rest)
    await expectRefusal('BAD_MODEL', 'mid_block.resnets.1.conv2.bias', copy.weightsPath)
  })

  it('names a tensor of the wrong shape, with both shapes', async () => {
    await copy.changeTensors((tensors) => {
      const { data } = tensors['conv_out.weight']
      return { ...tensors, 'conv_out.weight': { shape: [1, 3, 3, 16], data } }
    })
    await expectRefusal('BAD_MODEL', 'conv_out.weight', '[1, 3, 3, 16]', '[1, 16, 3, 3]')
  })

  it('ignores unknown tensors and options, with a warning', async () => {
    await copy.changeTensors((tensors) => ({ ...tensors, 'extra.bias': tensors['conv_in.bias'] }))
    await copy.changeJson('unet/config.json', { some_new_option: 1, inv_gamma: 1, decay: 0.9999 })
    const { warnings } = await readModelInfo(copy.folder)
    expect(warnings).toHaveLength(2)
    expect(warnings[0]).toContain('"some_new_option"')
    expect(warnings[1]).toContain('"extra.bias"')
    await (await open()).close()
  })

  it('says that dynamic thresholding is not applied, where diffusers would (would catch other pictures without a word)', async () => {
    const scheduler = 'scheduler/scheduler_config.json'
    await copy.changeJson(scheduler, { _class_name: 'DDIMScheduler', thresholding: true })
    const { warnings } = await readModelInfo(copy.folder)
    expect(warnings).toEqual([
      expect.stringMatching(/scheduler_config\.json .*thresholding.* not applied here/),
    ])
    for (const changes of [{ thresholding: false }, { _class_name: 'PNDMScheduler', thresholding: true }]) {
      await copy.changeJson(scheduler, changes)
      expect((await readModelInfo(copy.folder)).warnings).toEqual([])
    }
  })

  it('names a missing tensor before the model is opened (would catch an error only at the first encode)', async () => {
    await copy.changeTensors(({ 'mid_block.resnets.1.conv2.bias': _, ...rest }) => rest)
    await expect(readModelInfo(copy.folder)).rejects.toThrow('mid_block.resnets.1.conv2.bias')
  })

  it('says of 8-bit floats that they are too few bits (would catch that they are no floating point)', async () => {
    await copy.changeTensors((tensors) => {
      const { shape } = tensors['conv_in.bias']
      const data = new Uint8Array(shape[0])
      return { ...tensors, 'conv_in.bias': { dtype: 'F8_E4M3', shape, data } }
    })
    await expectRefusal('UNSUPPORTED', 'conv_in.bias', 'F8_E4M3', 'of at least 16 bits: choose weights of 16')
  })

  it('rejects integer tensors', async () => {
    await copy.changeTensors((tensors) => ({
      ...tensors,
      'conv_in.bias': { ...tensors['conv_in.bias'], dtype: 'I32' },
    }))
    await expectRefusal('UNSUPPORTED', 'conv_in.bias', 'I32')
  })

  it('rejects an index that leads out of the folder', async () => {
    await rm(copy.weightsPath)
    await writeFile(`${copy.weightsPath}.index.json`, '{"weight_map": {"a": "../secret.safetensors"}}')
    await expectRefusal('BAD_MODEL', '../secret.safetensors', 'download it again')
  })

  it('recognises a Git LFS pointer in place of the weights of an exported graph (would catch a message about too few bytes)', async () => {
    const folder = join(copy.folder, 'exported')
    await writeExportedGraph(join(folder, 'model.onnx'))
    await writeExportedSchedule(folder)
    const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n'
    await writeFile(join(folder, exportedWeights), pointer)
    await expect(open(folder)).rejects.toMatchObject({
      code: 'BAD_MODEL',
      message: expect.stringMatching(/one-layer\.weights is a Git LFS pointer.*git lfs pull/) as string,
    })
  })

  it('rejects a folder in place of the weights', async () => {
    await rm(copy.weightsPath)
    await mkdir(copy.weightsPath)
    await expectRefusal('UNREADABLE', copy.weightsPath)
  })

  it('gives the error NOT_FINITE for NaN weights instead of pictures of NaN', async () => {
    await copy.changeTensors((tensors) => {
      tensors['conv_out.bias'].data.fill(0xff)
      return tensors
    })
    const model = await open()
    await expect(model.denoiser.predict(createTensor([1, 1, 16, 16]), 10)).rejects.toMatchObject({
      code: 'NOT_FINITE',
      message: expect.stringContaining('weights'),
    })
    await model.close()
  })
})
