import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { newFolder, runCli, tinyModel } from '../fixtures/cli'

const apple = resolve('resources/samples/apple-red-yellow.webp')
const tomato = resolve('resources/samples/tomato-cherry-red.webp')
const quick = ['--model', tinyModel, '--steps', '4', '--threads', '1', '--json']

function sha256(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex')
}

describe('slerp-studio', () => {
  it('encodes a picture to a latent file and decodes that back to a picture', async () => {
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

  it('encodes up to a timestep short of the last, and morphs there (would catch a depth that only one way takes)', async () => {
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

  it('interpolates two ways between four pictures', async () => {
    const folder = newFolder()
    const args = ['grid', apple, tomato, tomato, apple, ...quick, '--columns', '3', '--rows', '2']
    expect(JSON.parse((await runCli(args, folder)).stdout)).toMatchObject({
      ok: true,
      frames: 6,
      path: 'grid.png',
    })
  })

  it('draws the same samples for the same seed, and others for another', async () => {
    const folder = newFolder()
    for (const [name, seed] of Object.entries({ a: '7', b: '7', c: '8' })) {
      await runCli(['sample', ...quick, '--seed', seed, '--count', '2', '-o', `${name}.png`], folder)
    }
    const [a, b, c] = ['a', 'b', 'c'].map((name) => sha256(join(folder, `${name}.png`)))
    expect(a).toBe(b)
    expect(c).not.toBe(a)
  })

  it('tells what a model is', async () => {
    const { stdout } = await runCli(['info', 'fruits-64', '--json'])
    const info = JSON.parse(stdout)
    expect(info).toMatchObject({
      id: 'fruits-64',
      picture: { channels: 3, height: 64, width: 64 },
      numTrainTimesteps: 1000,
      licence: 'cc-by-sa-4.0',
    })
    // The parameter count that the model card gives, 7.05 M.
    expect(info.parameters / 1e6).toBeCloseTo(7.05, 1)
  })

  it('overwrites nothing unless told to', async () => {
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
