import { cp, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readLatentFile } from '#engine/latent/latentFile'
import { sampleLatent } from './sampleLatent'

// Written by PyTorch 2.13, NumPy and safetensors: test/fixtures/latents/make.py.
const written = (name: string) => resolve('test/fixtures/latents', name)

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'foreign-latents-'))
})
afterAll(() => rm(folder, { recursive: true }))

describe('readLatentFile for files of other programs', () => {
  it.each([
    'tensor.pt',
    'channels-last.pt',
    'bfloat16-without-batch.pt',
    'dictionary.pt',
    'parameter.pt',
    'savez.npz',
    'compressed.npz',
    'foreign.safetensors',
  ])('reads the values of %s in order, without a timestep', async (name) => {
    const { x } = sampleLatent()
    expect(await readLatentFile(written(name))).toEqual({ x, timestep: null, report: null })
  })

  it('recognises the format by content, whatever the file name', async () => {
    const path = join(folder, 'latent.safetensors')
    await cp(written('savez.npz'), path)
    expect((await readLatentFile(path)).x).toEqual(sampleLatent().x)
  })

  it.each([
    ['two.pt', /holds 2 arrays \(a, b\): save the one you mean alone/],
    ['two.npz', /holds 2 arrays \(a, b\): save the one you mean alone/],
    ['two.safetensors', /holds 2 arrays \(latents, noise\)/],
    ['integers.pt', /cannot be read as a latent: it holds int32 values: save x\.float\(\) instead/],
    ['none.npz', /holds <i8 values/],
    ['module.pt', /could run code.*Save the tensor alone.*torch\.save/],
    ['legacy.pt', /is a pickle.*Save the latent as a NumPy array/],
  ])('rejects %s with advice about latents rather than networks', async (name, sentence) => {
    const attempt = readLatentFile(written(name))
    await expect(attempt).rejects.toMatchObject({
      code: 'BAD_LATENT',
      message: expect.stringMatching(sentence),
    })
    await expect(attempt).rejects.not.toThrow(/diffusers|diffusion_pytorch_model/)
  })

  it.each(['tensor.pt', 'compressed.npz'])('rejects %s truncated at any length', async (name) => {
    const whole = await readFile(written(name))
    const path = join(folder, `cut-${name}`)
    for (let length = 1; length < whole.length; length += 97) {
      await writeFile(path, whole)
      await truncate(path, length)
      await expect(readLatentFile(path)).rejects.toMatchObject({ code: 'BAD_LATENT' })
    }
  })
})
