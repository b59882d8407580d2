import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { tensorFileKind } from '#engine/latent/tensorFileKind'
import { ModelCopy } from '../../../fixtures/modelCopy'
import { encodeTorchFile } from '../../../fixtures/torchFile'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kind-'))
})
afterEach(() => rm(folder, { recursive: true }))

it('knows the weights of a network, of diffusers and of PyTorch, by any name', async () => {
  const model = await ModelCopy.of('one-layer')
  expect(await tensorFileKind(model.weightsPath)).toBe('weights')
  const path = join(folder, 'checkpoint.ckpt')
  await writeFile(path, await encodeTorchFile(await model.readTensors()))
  expect(await tensorFileKind(path)).toBe('weights')
})

it.each(['foreign.safetensors', 'tensor.pt', 'dictionary.pt', 'compressed.npz'])(
  'knows the latent %s of another program',
  async (name) => {
    expect(await tensorFileKind(resolve('test/fixtures/latents', name))).toBe('latent')
  },
)

it('refuses what is neither, with the reason', async () => {
  const two = tensorFileKind(resolve('test/fixtures/latents/two.safetensors'))
  await expect(two).rejects.toMatchObject({ code: 'BAD_LATENT' })
  await writeFile(join(folder, 'text.npy'), 'just some words')
  await expect(tensorFileKind(join(folder, 'text.npy'))).rejects.toMatchObject({ code: 'BAD_LATENT' })
  await expect(tensorFileKind(join(folder, 'none.pt'))).rejects.toMatchObject({ code: 'NOT_FOUND' })
})
