import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { newFolder, runCli, tinyModel } from '../fixtures/cli'

const apple = resolve('resources/samples/apple-red-yellow.webp')
const quick = ['--model', tinyModel, '--steps', '4', '--threads', '1', '--json']

/** Values of a NumPy file of version 1: the header's length is at byte 8, and the data follows the header. */
function readValues(path: string): Float32Array {
  const bytes = readFileSync(path)
  // Copied, because a small file may start anywhere in a shared buffer.
  return new Float32Array(Uint8Array.from(bytes.subarray(10 + bytes.readUInt16LE(8))).buffer)
}

function moments(values: Float32Array): { mean: number; std: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { mean, std: Math.sqrt(squares / values.length) }
}

describe('--restandardise', () => {
  it('gives the latent mean 0 and standard deviation 1, and reports how to undo it (would catch a repair of the report alone)', async () => {
    const folder = newFolder()
    const plain = await runCli(['encode', apple, ...quick, '-o', 'plain.npy'], folder)
    const repaired = await runCli(
      ['encode', apple, ...quick, '--restandardise', '-o', 'repaired.npy'],
      folder,
    )
    const before = readValues(join(folder, 'plain.npy'))
    const after = readValues(join(folder, 'repaired.npy'))
    expect(moments(before).std).not.toBeCloseTo(1, 3)
    expect(moments(after).mean).toBeCloseTo(0, 5)
    expect(moments(after).std).toBeCloseTo(1, 5)

    expect(JSON.parse(plain.stdout).healthBefore).toBeNull()
    const { mean, std } = JSON.parse(repaired.stdout).healthBefore
    const worst = after.reduce(
      (most, value, i) => Math.max(most, Math.abs(value * std + mean - before[i])),
      0,
    )
    expect(worst).toBeLessThan(1e-5)
  })
})
