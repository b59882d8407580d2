import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { inspectModel } from '#engine/model/folders/modelInfo'
import { findModel } from '#engine/model/folders/modelParts'

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'models-'))
})
afterEach(() => rm(root, { recursive: true }))

async function write(...names: string[]): Promise<void> {
  for (const name of names) {
    await mkdir(dirname(join(root, name)), { recursive: true })
    await writeFile(join(root, name), '')
  }
}

const weights = 'diffusion_pytorch_model.safetensors'
const pipeline = (folder: string) => [
  `${folder}/unet/config.json`,
  `${folder}/unet/${weights}`,
  `${folder}/scheduler/scheduler_config.json`,
]

describe('findModel', () => {
  it('opens the network folder of a pipeline as the whole pipeline (would catch missing the scheduler one folder up)', async () => {
    await write(...pipeline('fruits'))
    const whole = await findModel(join(root, 'fruits'))
    const part = await findModel(join(root, 'fruits/unet'))
    expect(part).toEqual({ ...whole, path: join(root, 'fruits/unet') })
    expect(part.id).toBe('fruits')
  })

  it('opens a weight file that lies beside its config.json', async () => {
    await write(...pipeline('fruits'), 'fruits/unet/other.bin')
    const { id, network } = await findModel(join(root, 'fruits/unet/other.bin'))
    expect(id).toBe('fruits')
    expect(network).toMatchObject({ kind: 'diffusers', weightFiles: [join(root, 'fruits/unet/other.bin')] })
  })

  it('takes endings in capitals (would catch MODEL.ONNX refused, which the window offers to open)', async () => {
    await write('graphs/MODEL.ONNX', 'graphs/scheduler_config.json')
    for (const path of ['graphs/MODEL.ONNX', 'graphs']) {
      const { id, network } = await findModel(join(root, path))
      expect(id).toBe(path === 'graphs' ? 'graphs' : 'MODEL')
      expect(network).toMatchObject({ kind: 'exported', graph: join(root, 'graphs/MODEL.ONNX') })
    }
    await write('mine/config.json', 'mine/Model.Safetensors', 'mine/scheduler_config.json')
    const weightFiles = [join(root, 'mine/Model.Safetensors')]
    for (const path of ['mine/Model.Safetensors', 'mine'])
      expect((await findModel(join(root, path))).network).toMatchObject({ weightFiles })
  })

  it('uses the averaged weights of a checkpoint without other weights, and the schedule from the folder above', async () => {
    await write('run/checkpoint-500/unet_ema/config.json', `run/checkpoint-500/unet_ema/${weights}`)
    await write('run/scheduler/scheduler_config.json')
    const { network, schedulerConfig } = await findModel(join(root, 'run/checkpoint-500'))
    expect(network).toMatchObject({ config: join(root, 'run/checkpoint-500/unet_ema/config.json') })
    expect(schedulerConfig).toBe(join(root, 'run/scheduler/scheduler_config.json'))
  })

  it('opens a latent checkpoint of a training with the parts in the folder above (would catch codes of three channels taken for pixels)', async () => {
    const copy = (part: string, to: string) =>
      cp(resolve('test/golden/fixtures/latent/vq', part), join(root, to, part), { recursive: true })
    await copy('vqvae', 'run')
    await copy('scheduler', 'run')
    await copy('unet', 'run/checkpoint-500')
    // However the checkpoint is chosen.
    for (const part of ['', 'unet', `unet/${weights}`]) {
      const { info } = await inspectModel({ path: join(root, 'run/checkpoint-500', part) })
      expect(info).toMatchObject({
        id: 'checkpoint-500',
        picture: { channels: 3, height: 16, width: 16 },
        state: { channels: 3, height: 8, width: 8 },
        autoencoder: { className: 'VQModel' },
      })
    }
  })

  it('takes the text encoders and the card of a checkpoint from the folder above, unless it has its own', async () => {
    const network = ['run/checkpoint-500/unet/config.json', `run/checkpoint-500/unet/${weights}`]
    const encoder = ['text_encoder/config.json', 'text_encoder/model.safetensors']
    await write(...network, 'run/scheduler/scheduler_config.json', 'run/README.md')
    await write(...encoder.map((name) => `run/${name}`))
    const above = await findModel(join(root, 'run/checkpoint-500'))
    expect(above.textEncoders).toMatchObject([{ config: join(root, 'run/text_encoder/config.json') }])
    expect(above.card).toBe(join(root, 'run/README.md'))
    await write(...[...encoder, 'README.md'].map((name) => `run/checkpoint-500/${name}`))
    const own = await findModel(join(root, 'run/checkpoint-500'))
    expect(own.textEncoders).toMatchObject([
      { config: join(root, 'run/checkpoint-500/text_encoder/config.json') },
    ])
    expect(own.card).toBe(join(root, 'run/checkpoint-500/README.md'))
  })

  it('takes nothing from the folder above a model with a schedule of its own (would catch the parts of another model)', async () => {
    await write(...pipeline('models/pixels'), 'models/vae/config.json', `models/vae/${weights}`)
    for (const path of ['models/pixels', 'models/pixels/unet', `models/pixels/unet/${weights}`])
      expect((await findModel(join(root, path))).autoencoder).toBeNull()
  })

  it('prefers the ordinary weights to averaged weights', async () => {
    await write(...pipeline('run'), 'run/unet_ema/config.json', `run/unet_ema/${weights}`)
    expect((await findModel(join(root, 'run'))).network.config).toBe(join(root, 'run/unet/config.json'))
  })

  it.each(['vae', 'vqvae'])(
    'finds the autoencoder "%s", even from the network folder or the weight file',
    async (name) => {
      await write(...pipeline('ldm'), `ldm/${name}/config.json`, `ldm/${name}/${weights}`)
      for (const path of ['ldm', 'ldm/unet', `ldm/unet/${weights}`]) {
        const { autoencoder } = await findModel(join(root, path))
        expect(autoencoder).toEqual({
          kind: 'diffusers',
          config: join(root, `ldm/${name}/config.json`),
          weightFiles: [join(root, `ldm/${name}/${weights}`)],
        })
      }
    },
  )

  it('prefers the weights of an autoencoder to graphs of it (would catch refusing SDXL for graphs that it also holds)', async () => {
    await write(...pipeline('xl'), 'xl/vae/config.json', `xl/vae/${weights}`)
    await write(
      'xl/vae_decoder/config.json',
      'xl/vae_decoder/model.onnx',
      'xl/vae_decoder/openvino_model.bin',
    )
    expect((await findModel(join(root, 'xl'))).autoencoder).toMatchObject({ kind: 'diffusers' })
  })

  it('uses graphs beside weights that only another program reads (would catch the weights of OpenVINO)', async () => {
    const halves = ['vae_encoder', 'vae_decoder']
    const files = [...halves, 'text_encoder'].flatMap((part) =>
      ['config.json', 'model.onnx', 'openvino_model.bin'].map((name) => `xl/${part}/${name}`),
    )
    await write(...pipeline('xl'), ...files, 'xl/vae/config.json')
    const { autoencoder, textEncoders } = await findModel(join(root, 'xl'))
    expect(autoencoder).toMatchObject({ kind: 'exported' })
    expect(textEncoders).toMatchObject([{ kind: 'exported' }])
  })

  it('reports a missing autoencoder that the pipeline names (would catch its network mistaken for a pixel-space model)', async () => {
    await write(...pipeline('ldm'))
    const parts = { _class_name: 'LDMPipeline', vqvae: ['diffusers', 'VQModel'], vae: [null, null] }
    await writeFile(join(root, 'ldm/model_index.json'), JSON.stringify(parts))
    for (const path of ['ldm', 'ldm/unet']) {
      await expect(findModel(join(root, path))).rejects.toMatchObject({
        code: 'BAD_MODEL',
        message: expect.stringContaining('"vqvae"'),
      })
    }
  })

  it('rejects a network with half of an exported autoencoder (would catch mistaking it for a pixel-space model)', async () => {
    await write(...pipeline('ldm'), 'ldm/vae_decoder/model.onnx')
    await expect(findModel(join(root, 'ldm'))).rejects.toMatchObject({
      code: 'BAD_MODEL',
      message: expect.stringContaining('"vae_encoder"'),
    })
  })

  it('opens a repository of the Hugging Face cache, and a cache with a single repository', async () => {
    const repository = 'hub/models--google--ddpm-cifar10-32'
    await write(...pipeline(`${repository}/snapshots/abc`), ...pipeline(`${repository}/snapshots/old`))
    await mkdir(join(root, repository, 'refs'))
    await writeFile(join(root, repository, 'refs/main'), 'abc\n')
    for (const path of ['hub', repository, `${repository}/snapshots/abc`]) {
      const { id, network } = await findModel(join(root, path))
      expect(id).toBe('ddpm-cifar10-32')
      expect(network.config).toBe(join(root, repository, 'snapshots/abc/unet/config.json'))
    }
  })

  it('opens a model with snapshots of its training, and not one of them (would catch silently other weights)', async () => {
    const weightsBeside = ['run/config.json', `run/${weights}`, 'run/scheduler_config.json']
    const graphBeside = ['run/model.onnx', 'run/scheduler_config.json']
    for (const files of [pipeline('run'), weightsBeside, graphBeside]) {
      await write(...files, ...pipeline('run/snapshots/step-1000'))
      const { id, network } = await findModel(join(root, 'run'))
      expect(id).toBe('run')
      expect(network).toMatchObject({
        [network.kind === 'exported' ? 'graph' : 'config']: join(root, files[0]),
      })
      await rm(join(root, 'run'), { recursive: true })
    }
  })

  it.each([
    ['renamed', ['mine/blobs/0123']],
    ['copied without its references and blobs', []],
  ])('opens a repository of the cache that was %s', async (_, beside) => {
    await write(...pipeline('mine/snapshots/abc'), ...beside)
    const { id, network } = await findModel(join(root, 'mine'))
    expect(id).toBe('mine')
    expect(network.config).toBe(join(root, 'mine/snapshots/abc/unet/config.json'))
  })

  describe('given the id of a published model', () => {
    afterEach(() => vi.unstubAllEnvs())

    it('opens the model from the cache and reports the commit', async () => {
      vi.stubEnv('HF_HUB_CACHE', join(root, 'hub'))
      const repository = 'hub/models--google--ddpm-cifar10-32'
      await write(...pipeline(`${repository}/snapshots/abc`), ...pipeline(`${repository}/snapshots/old`))
      await mkdir(join(root, repository, 'refs'))
      await writeFile(join(root, repository, 'refs/main'), 'abc')
      const found = await findModel('google/ddpm-cifar10-32')
      expect(found.hub).toEqual({ repository: 'google/ddpm-cifar10-32', commit: 'abc' })
      // A branch moves on; the path stored in a session must not.
      expect(found.path).toBe(join(root, repository, 'snapshots/abc'))
      expect(await findModel(found.path)).toEqual(found)
    })

    it('finds the cache through HF_HOME and XDG_CACHE_HOME, like the Python library', async () => {
      await write(...pipeline('home/hub/models--a--b/snapshots/x'))
      await write(...pipeline('xdg/huggingface/hub/models--c--d/snapshots/x'))
      vi.stubEnv('HF_HUB_CACHE', undefined)
      vi.stubEnv('HUGGINGFACE_HUB_CACHE', undefined)
      vi.stubEnv('HF_HOME', join(root, 'home'))
      expect((await findModel('a/b')).id).toBe('b')
      vi.stubEnv('HF_HOME', undefined)
      vi.stubEnv('XDG_CACHE_HOME', join(root, 'xdg'))
      expect((await findModel('c/d')).id).toBe('d')
    })

    it('explains how to download a model that is not in the cache', async () => {
      vi.stubEnv('HF_HUB_CACHE', join(root, 'hub'))
      await expect(findModel('google/ddpm-cat-256')).rejects.toMatchObject({
        code: 'NOT_FOUND',
        message: expect.stringContaining('slerp-studio pull google/ddpm-cat-256') as string,
      })
      await expect(findModel('nothing-here')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    })
  })

  it('lists the options in a cache of several repositories, and asks which snapshot if there is no main branch', async () => {
    await write(...pipeline('hub/models--a--one/snapshots/x'), ...pipeline('hub/models--b--two/snapshots/y'))
    await expect(findModel(join(root, 'hub'))).rejects.toThrow('models--a--one, models--b--two')
    await write(...pipeline('hub/models--a--one/snapshots/z'))
    await expect(findModel(join(root, 'hub/models--a--one'))).rejects.toThrow('which of its 2 snapshots')
  })

  it('lists the graphs of a folder with several, and opens one by its path', async () => {
    await write('graphs/a.onnx', 'graphs/b.onnx', 'graphs/scheduler_config.json')
    await expect(findModel(join(root, 'graphs'))).rejects.toThrow('choose one of a.onnx, b.onnx')
    expect((await findModel(join(root, 'graphs/b.onnx'))).id).toBe('b')
  })

  it.each([
    ['one of several that is called model.onnx', ['config.json', 'model_fp16.onnx']],
    [
      'one beside a shard of weights whose others are missing',
      ['config.json', 'diffusion_pytorch_model-00001-of-00002.safetensors'],
    ],
    [
      'one beside a saved latent that has the name of weights, without a configuration',
      ['model.safetensors'],
    ],
  ])('opens the graph of a network folder: %s', async (_, names) => {
    await write(
      ...['model.onnx', ...names].map((name) => `xl/unet/${name}`),
      'xl/scheduler/scheduler_config.json',
    )
    expect((await findModel(join(root, 'xl'))).network).toMatchObject({
      kind: 'exported',
      graph: join(root, 'xl/unet/model.onnx'),
    })
  })

  it('finds a graph beside a saved latent (would catch a latent that hides its model)', async () => {
    await write('graphs/a.onnx', 'graphs/latent.safetensors', 'graphs/scheduler_config.json')
    expect((await findModel(join(root, 'graphs'))).network.kind).toBe('exported')
  })

  it('follows symbolic links, which the Hugging Face cache uses', async () => {
    await write(...pipeline('fruits'))
    await symlink(join(root, 'fruits'), join(root, 'link'))
    expect((await findModel(join(root, 'link'))).network.kind).toBe('diffusers')
  })
})
