import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { newFolder, runCli, tinyModel } from '../fixtures/cli'
import { picturePath } from '../fixtures/picturePath'
import { dataOf, readPngChunks } from '../fixtures/readPng'

const apple = resolve('resources/samples/apple-red-yellow.webp')
const tomato = resolve('resources/samples/tomato-cherry-red.webp')
const quick = ['--model', tinyModel, '--steps', '4', '--threads', '1', '--json']

function sha256(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex')
}

describe('slerp-studio', () => {
  it('encodes a picture to a latent file and decodes the file to a picture', async () => {
    const folder = newFolder()
    const encoded = await runCli(['encode', apple, ...quick], folder)
    expect(encoded).toMatchObject({ code: 0, stderr: '' })
    const report = JSON.parse(encoded.stdout)
    expect(report).toMatchObject({ ok: true, path: 'apple-red-yellow.safetensors', modelId: 'one-layer' })
    expect(report.fidelity.psnr).toBeCloseTo(-10 * Math.log10(report.fidelity.mse), 6)

    const decoded = await runCli(['decode', report.path, ...quick], folder)
    expect(JSON.parse(decoded.stdout)).toMatchObject({
      ok: true,
      path: 'apple-red-yellow.png',
      width: 16,
      height: 16,
    })
    expect(readFileSync(join(folder, 'apple-red-yellow.png')).subarray(1, 4).toString()).toBe('PNG')
  })

  it('reports once that only the first frame of a file is used (would catch a missing or repeated notice)', async () => {
    const animated = picturePath('animated.gif')
    const args = [
      'grid',
      animated,
      apple,
      `mix:${animated},seed:7`,
      animated,
      '--columns',
      '2',
      '--rows',
      '2',
    ]
    const { code, stderr } = await runCli([...args, ...quick], newFolder())
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: '“animated.gif” is animated: its first frame is used.\n',
    })
    const refused = await runCli(['encode', 'nowhere.gif', ...quick], newFolder())
    expect(JSON.parse(refused.stdout)).toMatchObject({ ok: false, error: { code: 'NOT_FOUND' } })
  })

  it('encodes up to an earlier timestep and morphs there (would catch an end timestep that is used in only one direction)', async () => {
    const folder = newFolder()
    const partly = [...quick, '--terminal', '300']
    const encoded = await runCli(['encode', apple, ...partly], folder)
    expect(JSON.parse(encoded.stdout)).toMatchObject({ ok: true, endTimestep: 300 })
    const morph = await runCli(['morph', apple, tomato, ...partly, '--frames', '3', '-o', 'a.png'], folder)
    expect(JSON.parse(morph.stdout)).toMatchObject({ stops: [{ endTimestep: 300 }, { endTimestep: 300 }] })
    const mixed = ['morph', 'apple-red-yellow.safetensors', tomato, ...quick, '--frames', '3', '-o', 'b.png']
    expect(JSON.parse((await runCli(mixed, folder)).stdout)).toMatchObject({ ok: false })
  })

  it.each(['npy', 'safetensors'])(
    'gives the same latent bytes in five fresh processes: .%s',
    async (ending) => {
      const folder = newFolder()
      for (let run = 0; run < 5; run++) {
        expect((await runCli(['encode', apple, ...quick, '-o', `${run}.${ending}`], folder)).code).toBe(0)
      }
      const hashes = new Set(readdirSync(folder).map((name) => sha256(join(folder, name))))
      expect(hashes.size).toBe(1)
    },
  )

  it.each(['frames', 'a.gif', 'a.webp', 'a.apng', 'a.png'])('writes a morph as %s', async (output) => {
    const folder = newFolder()
    const { code, stdout } = await runCli(
      ['morph', apple, tomato, ...quick, '--frames', '5', '-o', output],
      folder,
    )
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, frames: 5, stops: [{}, {}] })
    expect(readdirSync(folder)).toEqual([output])
  })

  it('interpolates in two dimensions between four pictures', async () => {
    const folder = newFolder()
    const args = ['grid', apple, tomato, tomato, apple, ...quick, '--columns', '3', '--rows', '2']
    expect(JSON.parse((await runCli(args, folder)).stdout)).toMatchObject({
      ok: true,
      frames: 6,
      path: 'grid.png',
    })
  })

  it('walks in a circle around a latent: all frames differ, and the same seed gives the same circle', async () => {
    const folder = newFolder()
    for (const [output, seed] of [
      ['a', '3'],
      ['b', '3'],
      ['c', '4'],
    ]) {
      const args = ['walk', apple, ...quick, '--frames', '6', '--angle', '40', '--seed', seed, '-o', output]
      expect(JSON.parse((await runCli(args, folder)).stdout)).toMatchObject({ ok: true, frames: 6 })
    }
    const frames = (name: string) =>
      readdirSync(join(folder, name))
        .filter((file) => file.endsWith('.png'))
        .map((file) => sha256(join(folder, name, file)))
    expect(new Set(frames('a')).size).toBe(6)
    expect(frames('b')).toEqual(frames('a'))
    expect(frames('c')).not.toEqual(frames('a'))
    const far = await runCli(['walk', apple, ...quick, '--angle', '200'], folder)
    expect(far.code).not.toBe(0)
  })

  it('moves a latent along a direction, with the latent itself in the middle', async () => {
    const folder = newFolder()
    const groups = ['--plus', tomato, '--minus', apple]
    const args = ['direction', apple, ...quick, ...groups, '--frames', '5', '-o', 'moved']
    expect(JSON.parse((await runCli(args, folder)).stdout)).toMatchObject({ ok: true, frames: 5 })
    const plain = ['morph', apple, tomato, ...quick, '--frames', '2', '-o', 'plain']
    expect((await runCli(plain, folder)).code).toBe(0)
    /** The pixels of a frame, because the files also record how each film was made. */
    const pixels = (name: string, at: number) => {
      const files = readdirSync(join(folder, name)).filter((file) => file.endsWith('.png'))
      return dataOf(readPngChunks(readFileSync(join(folder, name, files.sort()[at]))), 'IDAT').toString('hex')
    }
    expect(pixels('moved', 2)).toBe(pixels('plain', 0))
    expect(pixels('moved', 4)).not.toBe(pixels('moved', 0))
    const unnamed = await runCli(['direction', apple, ...quick, '--plus', tomato], folder)
    expect(JSON.parse(unnamed.stdout)).toMatchObject({
      ok: false,
      error: { code: 'BAD_INPUT', message: expect.stringContaining('--minus') },
    })
  })

  it('loosens an encoding with seeded noise and records it in the latent’s report', async () => {
    const folder = newFolder()
    // In 4 steps, the first would already pass the part that is loosened.
    const enough = [...quick, '--steps', '20']
    const encode = async (name: string, ...options: string[]) => {
      const { stdout } = await runCli(['encode', apple, ...enough, ...options, '-o', `${name}.npy`], folder)
      return JSON.parse(stdout)
    }
    await encode('plain')
    const report = await encode('a', '--loosen', '10', '--seed', '5')
    expect(report.encode).toMatchObject({ loosen: { percent: 10, seed: 5 } })
    await encode('b', '--loosen', '10', '--seed', '5')
    await encode('c', '--loosen', '10', '--seed', '6')
    const [plain, a, b, c] = ['plain', 'a', 'b', 'c'].map((name) => sha256(join(folder, `${name}.npy`)))
    expect(b).toBe(a)
    expect(new Set([plain, a, c]).size).toBe(3)
  })

  it('forecasts the error of a reconstruction about as large as it is (would catch a forecast of another scale)', async () => {
    const ratios: number[] = []
    for (const name of ['apple-golden', 'apple-red', 'cherry-rainier', 'tomato-ribbed']) {
      const picture = resolve('resources/samples', `${name}.webp`)
      const args = ['encode', picture, '--model', 'fruits-64', '--steps', '10', '--json', '-o', `${name}.npy`]
      const { forecast, fidelity } = JSON.parse((await runCli(args, newFolder())).stdout)
      ratios.push(Math.log(forecast.mse / fidelity.mse))
    }
    for (const ratio of ratios) expect(Math.abs(ratio)).toBeLessThan(Math.log(5))
    // Single pictures are within a factor of about three, their mean is closer.
    expect(Math.abs(ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length)).toBeLessThan(
      Math.log(2.5),
    )
  })

  it('draws the same samples for the same seed and different ones for another seed', async () => {
    const folder = newFolder()
    for (const [name, seed] of Object.entries({ a: '7', b: '7', c: '8' })) {
      await runCli(['sample', ...quick, '--seed', seed, '--count', '2', '-o', `${name}.png`], folder)
    }
    const [a, b, c] = ['a', 'b', 'c'].map((name) => sha256(join(folder, `${name}.png`)))
    expect(a).toBe(b)
    expect(c).not.toBe(a)
  })

  it('describes a model', async () => {
    const { stdout } = await runCli(['info', 'fruits-64', '--json'])
    const info = JSON.parse(stdout)
    expect(info).toMatchObject({
      id: 'fruits-64',
      picture: { channels: 3, height: 64, width: 64 },
      numTrainTimesteps: 1000,
      licence: 'cc-by-sa-4.0',
    })
    // The parameter count in the model card, 7.05 M.
    expect(info.parameters / 1e6).toBeCloseTo(7.05, 1)
  })

  it('overwrites nothing without --force', async () => {
    const folder = newFolder()
    const args = ['encode', apple, ...quick, '-o', 'a.npy']
    await runCli(args, folder)
    const before = sha256(join(folder, 'a.npy'))
    const refused = await runCli([...args, '--steps', '5'], folder)
    expect(refused.code).toBe(73)
    expect(JSON.parse(refused.stdout)).toMatchObject({ ok: false, error: { code: 'EXISTS' } })
    expect(sha256(join(folder, 'a.npy'))).toBe(before)
    expect((await runCli([...args, '--steps', '5', '--force'], folder)).code).toBe(0)
    expect(existsSync(join(folder, 'a.npy'))).toBe(true)
  })
})
