import { copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createTensor, type Tensor } from '#core/diffusion/tensor'
import { openModel } from '#engine/model/denoiser/openModel'
import { readModelInfo } from '#engine/model/folders/modelInfo'
import { stampModel } from '#engine/model/folders/modelParts'
import {
  AttributeProto_AttributeType as AttributeType,
  type ModelProto,
  ModelProtoSchema,
  NodeProtoSchema,
  ValueInfoProtoSchema,
} from '#engine/model/graph/onnx_pb'
import { stackConditions } from '#engine/model/network/condition'
import { undisputed } from '#engine/model/network/Turns'
import { readTensor } from '#engine/model/weights/safetensors'
import { goldenOf, type OptimumPipeline, writeOptimumFolder } from '../fixtures/optimumFolder'
import { largestDifference } from './goldenUnet'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'optimum-'))
})
afterEach(async () => {
  for (const path of [folder, blobsOf(folder)]) await rm(path, { recursive: true, force: true })
})

/** Where {@link linkIntoCache} puts the files of a folder. */
const blobsOf = (snapshot: string) => `${snapshot}-blobs`

async function read(name: OptimumPipeline, tensor: string): Promise<Tensor> {
  const { data, shape } = await readTensor(join(goldenOf(name), 'io.safetensors'), tensor)
  return createTensor(shape, data)
}

async function changeGraph(part: string, change: (graph: NonNullable<ModelProto['graph']>) => void) {
  const file = join(folder, part, 'model.onnx')
  const model = fromBinary(ModelProtoSchema, await readFile(file))
  change(model.graph!)
  await writeFile(file, toBinary(ModelProtoSchema, model))
}

/** How the files of a model lie on disk. */
const layouts = [
  ['as files', () => Promise.resolve()],
  ['as the links of a Hugging Face cache', () => linkIntoCache(folder)],
] as const

/** Moves the files of a folder into one beside it, under names of another kind, and links to them. */
async function linkIntoCache(snapshot: string): Promise<void> {
  const blobs = blobsOf(snapshot)
  await mkdir(blobs)
  const entries = await readdir(snapshot, { recursive: true, withFileTypes: true })
  for (const [i, { name, parentPath }] of entries.filter((entry) => entry.isFile()).entries()) {
    const blob = join(blobs, `0123456789abcdef${i}`)
    await rename(join(parentPath, name), blob)
    await symlink(relative(parentPath, blob), join(parentPath, name))
  }
}

describe.each(layouts)('a folder of parts exported by optimum, %s', (_, layOut) => {
  it('encodes, decodes and predicts like diffusers (would catch moments read as codes, or a lost scale)', async () => {
    await writeOptimumFolder('kl', folder)
    await layOut()
    const model = await openModel({ path: folder, threads: 1 })
    expect(model.info.picture).toEqual({ channels: 3, height: 16, width: 16 })
    expect(model.info.warnings).toEqual([])
    const states = await model.space.encode(await read('kl', 'pictures'), undisputed)
    expect(largestDifference(states.data, (await read('kl', 'states')).data)).toBeLessThan(1e-4)
    const drawn = await read('kl', 'drawn')
    const pictures = await model.space.decode(drawn, undisputed)
    expect(largestDifference(pictures.data, (await read('kl', 'decoded')).data)).toBeLessThan(1e-4)
    const { data } = await model.denoiser.predict(drawn, 500)
    expect(largestDifference(data, (await read('kl', 'predicted')).data)).toBeLessThan(1e-4)
    await model.close()
  })

  it.each(['sd1', 'sdxl'] as const)(
    'encodes texts for %s and predicts like diffusers (would catch swapped layers or encoders)',
    async (name) => {
      await writeOptimumFolder(name, folder)
      await layOut()
      const model = await openModel({ path: folder, threads: 1 })
      expect(model.info.takesPrompts).toBe(true)
      const condition = await model.texts!.encode('An old house by the sea, at night', undisputed)
      const text = await read(name, 'house_text')
      expect(largestDifference(condition.text.data, text.data)).toBeLessThan(1e-4)
      const options = { condition: stackConditions([condition, condition]) }
      const { data } = await model.denoiser.answer(await read(name, 'states'), 500, options)
      expect(largestDifference(data, (await read(name, 'house_predicted')).data)).toBeLessThan(1e-4)
      await model.close()
    },
  )

  it('predicts like diffusers with constants in its nodes (would catch looking among the initializers only)', async () => {
    await writeOptimumFolder('kl', folder)
    await changeGraph('unet', (graph) => {
      const t = graph.initializer.splice(
        graph.initializer.findIndex(({ externalData }) => externalData.length > 0),
        1,
      )[0]
      const attribute = [{ name: 'value', type: AttributeType.TENSOR, t }]
      graph.node.unshift(create(NodeProtoSchema, { opType: 'Constant', output: [t.name], attribute }))
    })
    await layOut()
    const model = await openModel({ path: folder, threads: 1 })
    const { data } = await model.denoiser.predict(await read('kl', 'drawn'), 500)
    expect(largestDifference(data, (await read('kl', 'predicted')).data)).toBeLessThan(1e-4)
    await model.close()
  })
})

describe('a folder of exported parts', () => {
  it('counts as another model when its tokenizer changes (would catch cached latents of other texts)', async () => {
    await writeOptimumFolder('sd1', folder)
    const [{ sha256 }, stamp] = [await readModelInfo(folder), await stampModel(folder)]
    const merges = join(folder, 'tokenizer/merges.txt')
    await writeFile(merges, (await readFile(merges, 'utf8')).replace('t h\n', ''))
    expect((await readModelInfo(folder)).sha256).not.toBe(sha256)
    expect(await stampModel(folder)).not.toBe(stamp)
  })
})

describe('a faulty folder of exported parts', () => {
  it('is refused for weights linked from several folders, and says which', async () => {
    await writeOptimumFolder('kl', folder)
    await changeGraph('unet', (graph) => {
      const constant = graph.initializer.find(({ externalData }) => externalData.length > 0)!
      constant.externalData.find(({ key }) => key === 'location')!.value = 'other.bin'
    })
    await mkdir(blobsOf(folder))
    const elsewhere = join(blobsOf(folder), '0123456789abcdef')
    await copyFile(join(folder, 'unet/model.onnx_data'), elsewhere)
    await symlink(elsewhere, join(folder, 'unet/other.bin'))
    await expect(readModelInfo(folder)).rejects.toMatchObject({
      code: 'BAD_MODEL',
      message: expect.stringMatching(/model\.onnx has its weights in .* and .*: put them into one folder/),
    })
  })

  it.each([
    ['under the name that is used for it', 'latent_sample', null],
    ['by a node of the graph', 'latent_parameters', 'RandomNormalLike'],
  ])('is refused for an encoder that draws its output at random, %s', async (_, output, node) => {
    await writeOptimumFolder('kl', folder)
    await changeGraph('vae_encoder', (graph) => {
      graph.output[0].name = output
      const type = graph.output[0].type!.value
      if (type.case === 'tensorType' && !node) type.value.shape!.dim[1] = type.value.shape!.dim[0]
      if (node) {
        graph.node.push(create(NodeProtoSchema, { opType: node, input: ['sample'], output: ['noise'] }))
      }
    })
    await expect(readModelInfo(folder)).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      message: expect.stringMatching(/vae_encoder.*draws its answer at random.*latent_parameters/),
    })
  })

  it.each([
    ['timestep_cond', /LCM.*no inverse/],
    ['pooled_projections', /SD3 and Flux.*T5/],
    ['img_ids', /Flux/],
    ['mask', /takes sample, timestep, mask, not a batch of states/],
  ])('is refused for a network that also takes %s, and says why', async (name, message) => {
    await writeOptimumFolder('kl', folder)
    await changeGraph('unet', (graph) => {
      const type = graph.input[0].type!
      graph.input.push(create(ValueInfoProtoSchema, { name, type }))
    })
    await expect(readModelInfo(folder)).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      message: expect.stringMatching(message),
    })
  })

  it.each(['vae_encoder', 'vae_decoder'])('is refused for a %s without outputs', async (part) => {
    await writeOptimumFolder('kl', folder)
    await changeGraph(part, (graph) => (graph.output = []))
    await expect(readModelInfo(folder)).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      message: expect.stringMatching(new RegExp(`${part}.*answers nothing`)),
    })
  })

  it('is refused for a network that takes another pooled text than its encoder makes', async () => {
    await writeOptimumFolder('sdxl', folder)
    await changeGraph('unet', (graph) => {
      const type = graph.input.find(({ name }) => name === 'text_embeds')!.type!.value
      if (type.case === 'tensorType') type.value.shape!.dim[1].value = { case: 'dimValue', value: 28n }
    })
    await expect(readModelInfo(folder)).rejects.toThrow(/shown 28 values besides.*encoders make 20/)
  })

  it('is refused for half an autoencoder, an autoencoder without its configuration, or missing text encoders', async () => {
    await writeOptimumFolder('kl', folder)
    await rename(join(folder, 'vae_encoder/model.onnx'), join(folder, 'elsewhere'))
    await expect(readModelInfo(folder)).rejects.toThrow(/lacks the graph.*"vae_encoder"/)
    await rename(join(folder, 'elsewhere'), join(folder, 'vae_encoder/model.onnx'))
    for (const part of ['vae_encoder', 'vae_decoder']) await rm(join(folder, part, 'config.json'))
    await expect(readModelInfo(folder)).rejects.toThrow(
      /how its autoencoder scales states: put the config.json/,
    )
    await writeOptimumFolder('sd1', folder)
    await rm(join(folder, 'text_encoder'), { recursive: true })
    await expect(readModelInfo(folder)).rejects.toThrow(/texts of 16 channels a token.*text_encoder/)
  })
})
