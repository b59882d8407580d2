import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { measureDistance } from '#engine/distance/measureDistance'
import { beginStatistics, readStatistics, writeStatistics } from '#engine/distance/statisticsFile'
import { GraphWriter } from '#engine/model/graph/graphWriter'
import { encodePng } from '#engine/image/encodePicture'
import { Pictures } from '#engine/image/Pictures'
import { createPixels } from '#core/picture/pixels'
import { encodeNpy } from '#engine/model/weights/npy'
import { createKeyedUniform } from '#core/random/gaussian'
import { engineRoutes } from '#shared/contract'
import type { Progress } from '#shared/progress'
import { emptyFolder } from '../../../fixtures/exportTarget'
import { quietContext } from '../../../fixtures/job'

const side = 32

/** Writes grey pictures with noise in their green channel. */
async function makeSet(folder: string, { count, grey, seed }: { count: number; grey: number; seed: number }) {
  mkdirSync(folder)
  const uniform = createKeyedUniform([seed])
  for (let i = 0; i < count; i++) {
    const pixels = createPixels(side, side)
    for (let at = 0; at < pixels.data.length; at += 4) {
      pixels.data.set([grey, grey + 40 * uniform(), grey, 255], at)
    }
    writeFileSync(join(folder, `${String(i).padStart(4, '0')}.png`), await encodePng(pixels))
  }
  return folder
}

/** A network whose output is known: the mean of each channel, [N, 3, 1, 1]. */
function writeMeanNetwork(path: string): string {
  const graph = new GraphWriter()
  const x = graph.input('x', [1, 3, side, side])
  const [mean] = graph.node('mean', 'GlobalAveragePool', [x], [[1, 3, 1, 1]])
  writeFileSync(path, graph.finish(mean))
  return path
}

const measure = (request: object) =>
  measureDistance(new Pictures(), engineRoutes['distance.measure'].input.parse(request), quietContext)

describe('measureDistance without a network', () => {
  it('returns 0 between a set and itself, and larger distances for larger differences in grey', async () => {
    const root = emptyFolder()
    const a = await makeSet(join(root, 'a'), { count: 6, grey: 100, seed: 1 })
    const b = await makeSet(join(root, 'b'), { count: 9, grey: 110, seed: 2 })
    const c = await makeSet(join(root, 'c'), { count: 6, grey: 160, seed: 3 })
    const own = (await measure({ a, b: a })).slices!
    expect([own.pixels, own.pyramid]).toEqual([0, 0])
    const [near, far] = [(await measure({ a, b })).slices!, (await measure({ a, b: c })).slices!]
    expect(near.pixels).toBeGreaterThan(0)
    expect(far.pixels).toBeGreaterThan(3 * near.pixels)
    expect(far.levels.map((level) => level.side)).toEqual([32, 16, 8, 4])
  })

  it.each([NaN, Infinity, -Infinity])('names the file and the place of a value that is %s', async (value) => {
    const root = emptyFolder()
    const a = await makeSet(join(root, 'a'), { count: 2, grey: 0, seed: 1 })
    mkdirSync(join(root, 'b'))
    for (const name of ['000000.npy', '000001.npy']) {
      const data = new Float32Array(3 * side * side)
      if (name === '000001.npy') data[17] = value
      writeFileSync(join(root, 'b', name), encodeNpy({ data, shape: [3, side, side] }))
    }
    const path = join(root, 'b', '000001.npy')
    await expect(measure({ a, b: join(root, 'b') })).rejects.toMatchObject({
      code: 'BAD_PICTURE',
      message: expect.stringContaining(`"${path}" is damaged: its value 17 is ${value},`),
    })
  })

  it('reads the .npy files that `sample` writes as pictures, with their values clamped', async () => {
    const root = emptyFolder()
    const a = await makeSet(join(root, 'a'), { count: 2, grey: 0, seed: 1 })
    mkdirSync(join(root, 'b'))
    for (const name of ['000000.npy', '000001.npy']) {
      const data = new Float32Array(3 * side * side).fill(-7)
      writeFileSync(join(root, 'b', name), encodeNpy({ data, shape: [3, side, side] }))
    }
    const { slices, pictures } = await measure({ a, b: join(root, 'b') })
    expect(pictures).toEqual({ a: 2, b: 2 })
    // Clamped to black, they differ from A only in its green: by at most 40 of 255, in a third of the values.
    expect(slices!.pixels).toBeLessThan(0.3)
  })
})

describe('measureDistance with a network', () => {
  it('compares network features in the given value range, with a graph that takes one picture, and from saved statistics', async () => {
    const root = emptyFolder()
    const a = await makeSet(join(root, 'a'), { count: 20, grey: 51, seed: 1 })
    const b = await makeSet(join(root, 'b'), { count: 20, grey: 102, seed: 1 })
    const features = { path: writeMeanNetwork(join(root, 'mean.onnx')), range: [0, 10] }
    const saveStatistics = join(root, 'a.npz')
    const report = (await measure({ a, b, features, saveStatistics })).features!
    // All three means move by 0.2 of the range; their covariances do not change.
    expect(report).toMatchObject({ size: 3, precision: 0, recall: 0 })
    expect(report.frechet).toBeCloseTo(3 * 2 ** 2, 2)
    const kept = (await measure({ a: saveStatistics, b, features })).features!
    expect(kept.frechet).toBe(report.frechet)
    expect(kept.kernel).toBeNull()
    expect((await measure({ a, b: a, features })).features).toMatchObject({ precision: 1, recall: 1 })
  })

  it('refuses a place for statistics before it measures, and leaves nothing there (would catch a replaced file, and one that is not read back)', async () => {
    const root = emptyFolder()
    const features = { path: writeMeanNetwork(join(root, 'mean.onnx')), range: [0, 10] }
    const kept = join(root, 'kept.npz')
    writeFileSync(kept, 'a file of the user')
    // There are no pictures: measuring would fail with NOT_FOUND.
    const sides = { a: join(root, 'a'), b: join(root, 'b'), features }
    const save = (name: string, more = {}) => measure({ ...sides, saveStatistics: join(root, name), ...more })
    await expect(save('kept.npz')).rejects.toMatchObject({ code: 'EXISTS' })
    await expect(save('a.safetensors')).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringMatching(/a\.safetensors.*end it in \.npz/) as string,
    })
    await expect(save('kept.npz', { overwrite: true })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    const noNetwork = { features: { path: join(root, 'nowhere.onnx') } }
    await expect(save('new.npz', noNetwork)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(readFileSync(kept, 'utf8')).toBe('a file of the user')
    expect(readdirSync(root).sort()).toEqual(['kept.npz', 'mean.onnx'])
  })

  it('replaces a file of statistics only if it may', async () => {
    const root = emptyFolder()
    const a = await makeSet(join(root, 'a'), { count: 2, grey: 51, seed: 1 })
    const features = { path: writeMeanNetwork(join(root, 'mean.onnx')), range: [0, 10] }
    const saveStatistics = join(root, 'a.npz')
    writeFileSync(saveStatistics, 'older statistics')
    await measure({ a, b: a, features, saveStatistics, overwrite: true })
    expect((await readStatistics(saveStatistics)).mean).toHaveLength(3)
  })

  it('compares three pictures without precision and recall, which need four (would catch two results lost to the others)', async () => {
    const root = emptyFolder()
    const few = await makeSet(join(root, 'few'), { count: 3, grey: 51, seed: 1 })
    const enough = await makeSet(join(root, 'enough'), { count: 4, grey: 102, seed: 1 })
    const features = { path: writeMeanNetwork(join(root, 'mean.onnx')), range: [0, 10] }
    for (const [a, b] of [
      [few, few],
      [few, enough],
      [enough, few],
    ]) {
      const report = (await measure({ a, b, features })).features!
      expect(report).toMatchObject({ precision: null, recall: null })
      expect([report.frechet, report.kernel].every(Number.isFinite)).toBe(true)
    }
  })

  it('names each measure in its progress, after the pictures of both sides', async () => {
    const root = emptyFolder()
    const a = await makeSet(join(root, 'a'), { count: 4, grey: 51, seed: 1 })
    const features = { path: writeMeanNetwork(join(root, 'mean.onnx')) }
    const labels = new Set<string | undefined>()
    const context = { ...quietContext, report: ({ label }: Progress) => void labels.add(label) }
    const request = engineRoutes['distance.measure'].input.parse({ a, b: a, features })
    await measureDistance(new Pictures(), request, context)
    expect([...labels]).toEqual([a, 'Fréchet distance', 'kernel distance', 'precision and recall'])
  })

  it('rejects a network whose answer is no row per picture, naming its shape (would catch distances between single numbers)', async () => {
    const root = emptyFolder()
    const a = await makeSet(join(root, 'a'), { count: 4, grey: 100, seed: 1 })
    const graph = new GraphWriter()
    const [mean] = graph.node(
      'mean',
      'GlobalAveragePool',
      [graph.input('x', [1, 3, side, side])],
      [[1, 3, 1, 1]],
    )
    const [bare] = graph.node('bare', 'Squeeze', [mean], [[3]])
    const path = join(root, 'bare.onnx')
    writeFileSync(path, graph.finish(bare))
    await expect(measure({ a, b: a, features: { path } })).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      message: expect.stringContaining('answers [3] for 1 picture,'),
    })
  })

  it('rejects a file that is not a graph, and statistics without a network', async () => {
    const root = emptyFolder()
    const a = await makeSet(join(root, 'a'), { count: 4, grey: 100, seed: 1 })
    writeFileSync(join(root, 'none.onnx'), 'no graph')
    const none = { path: join(root, 'none.onnx') }
    await expect(measure({ a, b: a, features: none })).rejects.toMatchObject({ code: 'BAD_MODEL' })
    await expect(measure({ a: join(root, 'a.npz'), b: a })).rejects.toMatchObject({ code: 'BAD_INPUT' })
  })
})

it('readStatistics rejects a file that is not a statistics archive', async () => {
  const path = join(emptyFolder(), 'a.npz')
  writeFileSync(path, 'no archive')
  await expect(readStatistics(path)).rejects.toMatchObject({ code: 'BAD_INPUT' })
})

it('statistics are read as they were written, to the bit (would catch distances that are not those of the folder)', async () => {
  const path = join(emptyFolder(), 'a.npz')
  const mean = Float64Array.of(1 / 3, -1e-9)
  const covariance = Float64Array.of(2 / 3, 0.1, 0.1, 1 / 7)
  await writeStatistics(await beginStatistics(path, { overwrite: false }), { mean, covariance })
  expect(await readStatistics(path)).toEqual({ mean, covariance })
})

it('statistics that hold NaN are refused with their name', async () => {
  const path = join(emptyFolder(), 'nan.npz')
  const moments = { mean: Float64Array.of(1), covariance: Float64Array.of(NaN) }
  await writeStatistics(await beginStatistics(path, { overwrite: false }), moments)
  await expect(readStatistics(path)).rejects.toMatchObject({
    code: 'BAD_INPUT',
    message: `"${path}" holds NaN or infinity, which have no distance: compute these statistics again.`,
  })
})
