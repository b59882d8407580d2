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

it('recognises network weights from diffusers and PyTorch under any file name', async () => {
  const model = await ModelCopy.of('one-layer')
  expect(await tensorFileKind(model.weightsPath)).toBe('weights')
  const path = join(folder, 'checkpoint.ckpt')
  await writeFile(path, await encodeTorchFile(await model.readTensors()))
  expect(await tensorFileKind(path)).toBe('weights')
})

it.each(['foreign.safetensors', 'tensor.pt', 'dictionary.pt', 'compressed.npz'])(
  'recognises %s of another program as a latent',
  async (name) => {
    expect(await tensorFileKind(resolve('test/fixtures/latents', name))).toBe('latent')
  },
)

it('rejects an ambiguous, an invalid and a missing file with the matching error codes', async () => {
  const two = tensorFileKind(resolve('test/fixtures/latents/two.safetensors'))
  await expect(two).rejects.toMatchObject({ code: 'BAD_LATENT' })
  await writeFile(join(folder, 'text.npy'), 'just some words')
  await expect(tensorFileKind(join(folder, 'text.npy'))).rejects.toMatchObject({ code: 'BAD_LATENT' })
  await expect(tensorFileKind(join(folder, 'none.pt'))).rejects.toMatchObject({ code: 'NOT_FOUND' })
})
