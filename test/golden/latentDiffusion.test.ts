import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { engineRoutes } from '#shared/contract'
import type { Progress } from '#shared/progress'
import { createEngineHandlers } from '#engine/handlers'
import { encodePng } from '#engine/image/encodePicture'
import { pixelsToTensor, tensorToPixels } from '#engine/image/tensorPixels'
import { decodePng } from '#engine/image/decodePng'
import { measureFidelity } from '#core/diffusion/fidelity'
import { createTensor, itemsOf, type Tensor } from '#core/diffusion/tensor'
import { openModel } from '#engine/model/denoiser/openModel'
import { readModelInfo } from '#engine/model/folders/modelInfo'
import { undisputed } from '#engine/model/network/Turns'
import { readTensor } from '#engine/model/weights/safetensors'
import { quietContext } from '../fixtures/job'
import { largestDifference } from './goldenUnet'

/** Tiny pipelines with random weights, recorded from diffusers: record.py. */
const root = fileURLToPath(new URL('fixtures/latent/', import.meta.url))

async function readGolden(folder: string): Promise<Record<string, Tensor>> {
  const names = ['pictures', 'states', 'drawn', 'decoded', 'predicted']
  const read = async (name: string) => {
    const { data, shape } = await readTensor(join(folder, 'io.safetensors'), name)
    return [name, createTensor(shape, data)] as const
  }
  return Object.fromEntries(await Promise.all(names.map(read)))
}

describe.each([
  ['kl', 'an AutoencoderKL with a scale and a shift', 'AutoencoderKL', 16, [4, 8, 8]],
  [
    'kl-statistics',
    'one with statistics, without quant convolutions and attention',
    'AutoencoderKL',
    16,
    [4, 4, 4],
  ],
  ['vq', 'a VQModel with attention in its blocks, of fewer channels', 'VQModel', 16, [3, 8, 8]],
  ['tiny', 'an AutoencoderTiny', 'AutoencoderTiny', 16, [4, 4, 4]],
])('%s: %s', (name, _, className, side, stateShape) => {
  const folder = join(root, name)

  it('reports the sizes of its pictures and its states (would catch a latent model read as a pixel model of 8 × 8)', async () => {
    const info = await readModelInfo(folder)
    const [channels, height, width] = stateShape
    expect(info.picture).toEqual({ channels: 3, height: side, width: side })
    expect(info.state).toEqual({ channels, height, width })
    expect(info.autoencoder?.className).toBe(className)
    expect(info.warnings).toEqual([])
  })

  it('encodes, decodes and predicts like diffusers', async () => {
    const golden = await readGolden(folder)
    const { space, denoiser, close } = await openModel({ path: folder, threads: 1 })
    const states = await space.encode(golden.pictures, undisputed)
    expect(states.shape).toEqual(golden.states.shape)
    expect(largestDifference(states.data, golden.states.data)).toBeLessThan(1e-4)
    const pictures = await space.decode(golden.drawn, undisputed)
    expect(pictures.shape).toEqual(golden.decoded.shape)
    expect(largestDifference(pictures.data, golden.decoded.data)).toBeLessThan(1e-4)
    const { data } = await denoiser.predict(golden.drawn, 500)
    expect(largestDifference(data, golden.predicted.data)).toBeLessThan(1e-4)
    await close()
  })

  it('decodes a picture alone as it does in a batch', async () => {
    const golden = await readGolden(folder)
    const { space, close } = await openModel({ path: folder, threads: 1 })
    const alone = await space.decode(itemsOf(golden.drawn, 1, 2), undisputed)
    const expected = itemsOf(golden.decoded, 1, 2)
    expect(largestDifference(alone.data, expected.data)).toBeLessThan(1e-4)
    await close()
  })
})

describe('a latent diffusion model', () => {
  const handlers = createEngineHandlers()
  const model = { path: join(root, 'kl'), threads: 1 }
  const decode = { solver: 'ddim', timestepSpacing: 'linear', steps: 2 }
  const frames = (settings: object) =>
    handlers['animation.frames'](
      engineRoutes['animation.frames'].input.parse({
        model,
        plan: { kind: 'list', latents: [{ kind: 'seed', seed: 7 }] },
        indices: [0],
        decode: settings,
      }),
      quietContext,
    )

  it('renders pictures, not states (would catch frames of the size of a state)', async () => {
    const { width, height } = await decodePng((await frames(decode)).frames[0])
    expect([width, height]).toEqual([16, 16])
  })

  it('separates the autoencoder’s error from the inversion’s (would catch a poor autoencoder blamed on the solver)', async () => {
    const golden = await readGolden(join(root, 'kl'))
    const picture = itemsOf(golden.pictures, 0, 1)
    const path = join(await mkdtemp(join(tmpdir(), 'picture-')), 'a.png')
    await writeFile(path, await encodePng(tensorToPixels(picture)))
    const shown: Uint8Array[] = []
    const context = {
      ...quietContext,
      report: ({ preview }: Progress) => {
        if (preview) shown.push(preview)
      },
    }
    const input = {
      model,
      previews: true,
      picture: { path },
      encode: { ...decode, steps: 20 },
      decode: { ...decode, steps: 20 },
    }
    const report = await handlers['latent.encode'](engineRoutes['latent.encode'].input.parse(input), context)
    const previews = await Promise.all(shown.map(decodePng))
    expect(new Set(previews.map(({ width, height }) => `${width} × ${height}`))).toEqual(new Set(['8 × 8']))
    const { space, close } = await openModel(model)
    const seen = pixelsToTensor(await decodePng(report.sourcePng), 3)
    const alone = await space.decode(await space.encode(seen, undisputed), undisputed)
    expect(report.fidelityParts?.autoencoder).toEqual(measureFidelity(seen, alone))
    const { autoencoder, inversion } = report.fidelityParts!
    expect(inversion.mse).toBeLessThan(autoencoder.mse)
    expect(report.channels).toHaveLength(4)
    expect(report.latentPng.length).toBeGreaterThan(0)
    await close()
  })

  it('warns about a scale that gives states far from a standard deviation of 1, and suggests the right one', async () => {
    const copy = await mkdtemp(join(tmpdir(), 'scale-'))
    await cp(join(root, 'kl'), copy, { recursive: true })
    const config = join(copy, 'vae/config.json')
    const options = JSON.parse(await readFile(config, 'utf8')) as object
    const path = join(copy, 'a.png')
    const golden = await readGolden(join(root, 'kl'))
    await writeFile(path, await encodePng(tensorToPixels(itemsOf(golden.pictures, 0, 1))))
    const adviceFor = async (scalingFactor: number) => {
      await writeFile(config, JSON.stringify({ ...options, scaling_factor: scalingFactor }))
      const latent = { kind: 'picture', picture: { path }, encode: decode }
      const input = engineRoutes['latent.info'].input.parse({ model: { path: copy, threads: 1 }, latent })
      return (await handlers['latent.info'](input, quietContext)).advice.sentence
    }
    const sentence = await adviceFor(0.05)
    const offered = Number(/should be about ([\d.]+), not 0.05/.exec(sentence)?.[1])
    expect(sentence).toContain(config)
    expect(await adviceFor(offered)).not.toContain('scaling_factor')
    await rm(copy, { recursive: true })
  })

  it('refuses to clip its states to [-1, 1], because they have no fixed range', async () => {
    await expect(frames({ ...decode, clip: true })).rejects.toThrow(/no range to be clipped to/)
  })

  it('refuses a network and an autoencoder with different numbers of channels', async () => {
    const mixed = await mkdtemp(join(tmpdir(), 'mixed-'))
    await cp(join(root, 'kl'), mixed, { recursive: true })
    await cp(join(root, 'vq/vqvae'), join(mixed, 'vae'), { recursive: true })
    await expect(readModelInfo(mixed)).rejects.toMatchObject({
      code: 'BAD_MODEL',
      message: expect.stringMatching(/states of 4 channels, and its autoencoder makes states of 3/),
    })
    await rm(mixed, { recursive: true })
  })
})
