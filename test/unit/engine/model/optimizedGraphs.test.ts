import { mkdtemp, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createOnnxSession } from '#engine/model/network/onnx'
import { openModel } from '#engine/model/denoiser/openModel'
import { keepOptimizedGraphs, type OpenGraph } from '#engine/model/network/optimizedGraphs'
import { ModelCopy } from '../../../fixtures/modelCopy'
import { readGolden } from '../../../golden/goldenUnet'

let copy: ModelCopy
let folder: string
beforeEach(async () => {
  copy = await ModelCopy.of('gray-no-mid-attention')
  folder = join(await mkdtemp(join(tmpdir(), 'graphs-')), 'graphs')
})
afterEach(async () => {
  await copy.remove()
  await rm(join(folder, '..'), { recursive: true })
})

async function answer(openGraph: OpenGraph = keepOptimizedGraphs(folder)): Promise<Float32Array> {
  const { sample } = await readGolden(copy.folder)
  const model = await openModel({ path: copy.folder, threads: 1 }, openGraph)
  const { data } = await model.denoiser.predict(sample, 500)
  await model.close()
  return data
}

it('gives the same bytes as without a cache, both when an optimised graph is stored and when it is reused', async () => {
  const plain = await answer(createOnnxSession)
  expect(await answer()).toEqual(plain)
  const [name, ...others] = await readdir(folder)
  expect(others).toEqual([])
  await utimes(join(folder, name), 1, 1)
  expect(await answer()).toEqual(plain)
  expect((await stat(join(folder, name))).mtimeMs).toBeGreaterThan(1000)
})

it.each([
  [
    'a weight is off by a bit',
    (bytes: Buffer) => Buffer.from(bytes.map((byte, i) => (i === bytes.length - 5 ? byte ^ 1 : byte))),
  ],
  ['its end is missing', (bytes: Buffer) => bytes.subarray(0, -100)],
  ['it is empty', () => Buffer.alloc(0)],
])('rebuilds a cached graph when %s', async (_, damage) => {
  const plain = await answer()
  const [name] = await readdir(folder)
  const whole = await readFile(join(folder, name))
  await writeFile(join(folder, name), damage(whole))
  expect(await answer()).toEqual(plain)
  expect((await readFile(join(folder, name))).byteLength).toBe(whole.byteLength)
})

it('caches separate graphs for different weights', async () => {
  // Written as the changed file will be, so that every tensor keeps its place.
  await copy.changeTensors((tensors) => tensors)
  const plain = await answer()
  await copy.changeTensors((tensors) => {
    tensors['up_blocks.0.upsamplers.0.conv.weight'].data.fill(0)
    return tensors
  })
  const [name] = await readdir(folder)
  expect(await answer()).not.toEqual(plain)
  const [other, ...more] = (await readdir(folder)).filter((found) => found !== name)
  expect(more).toEqual([])
  // The runtime has already folded these weights: the cached graph is used, not the model's file.
  await rename(join(folder, name), join(folder, other))
  expect(await answer()).toEqual(plain)
})

it('works without a cache if the folder cannot be created', async () => {
  await writeFile(join(folder, '..', 'file'), '')
  const nowhere = keepOptimizedGraphs(join(folder, '..', 'file', 'graphs'))
  expect(await answer(nowhere)).toEqual(await answer(createOnnxSession))
})

it('evicts the least recently used graphs when space is short, and does not cache a graph that alone would fill it', async () => {
  await answer()
  const [name] = await readdir(folder)
  const { size } = await stat(join(folder, name))
  for (const time of [1, 5, 2, 4, 3]) {
    const other = join(folder, `used at ${time}`)
    await writeFile(other, Buffer.alloc(size))
    await utimes(other, time, time)
  }
  await rm(join(folder, name))
  await answer(keepOptimizedGraphs(folder, 4.5 * size))
  expect((await readdir(folder)).sort()).toEqual([name, 'used at 3', 'used at 4', 'used at 5'])
  await rm(folder, { recursive: true })
  await answer(keepOptimizedGraphs(folder, size))
  await expect(readdir(folder)).rejects.toThrow('ENOENT')
})
