import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readLatentFile, writeLatentFile } from '#engine/latent/latentFile'
import { sampleLatent, samplePair, sampleReport } from './sampleLatent'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'latent-file-'))
})
afterEach(() => rm(folder, { recursive: true }))

const at = (name: string) => join(folder, name)
const fresh = { overwrite: false }

/** Parses a safetensors file without the code under test. */
async function takeApart(path: string) {
  const bytes = await readFile(path)
  const dataStart = 8 + Number(bytes.readBigUInt64LE())
  const header = JSON.parse(bytes.toString('utf8', 8, dataStart))
  const valuesOf = (name: string) => {
    const [begin, end] = header[name].data_offsets
    return Array.from({ length: (end - begin) / 4 }, (_, i) => bytes.readFloatLE(dataStart + begin + 4 * i))
  }
  return { header, valuesOf }
}

describe('a .safetensors latent', () => {
  it('restores a latent and its report, except for details of the run that made it', async () => {
    await writeLatentFile(at('a.safetensors'), sampleLatent(), sampleReport, fresh)
    const read = await readLatentFile(at('a.safetensors'))
    const compute = { ...sampleReport.compute, asked: 'webgpu', askedPrecision: 'fp16', reason: null }
    const { advice: _ofTheModel, ...kept } = sampleReport
    expect(read).toEqual({ ...sampleLatent(), report: { ...kept, compute, seconds: 0 } })
  })

  it('restores both states of a leapfrog pair (would catch a lost companion, without which inversion is not exact)', async () => {
    await writeLatentFile(at('a.safetensors'), samplePair(), sampleReport, fresh)
    expect(await readLatentFile(at('a.safetensors'))).toMatchObject(samplePair())
  })

  it('is readable by other programs, with named tensors and JSON in the header', async () => {
    await writeLatentFile(at('a.safetensors'), samplePair(), sampleReport, fresh)
    const { header, valuesOf } = await takeApart(at('a.safetensors'))
    expect(header.x_T).toMatchObject({ dtype: 'F32', shape: [1, 2, 2, 3] })
    expect(valuesOf('x_T')).toEqual([...samplePair().x.data])
    expect(valuesOf('x_T_companion')).toEqual([...samplePair().previousState!.x.data])
    expect(header.__metadata__.slerp_studio_format).toBe('2')
    expect(JSON.parse(header.__metadata__.slerp_studio_latent)).toMatchObject({
      modelId: 'fruits-64',
      encode: { solver: '2m', timestepSpacing: 'logSnr', steps: 50, conditioningTimestep: 'current' },
      fidelity: { mse: 1e-5, psnr: 50, ssim: 0.99 },
      compute: { provider: 'webgpu', runtime: 'onnxruntime 1.29.0', threads: 2 },
      companionTimestep: 979,
    })
  })

  it('keeps the infinite PSNR of a perfect reconstruction (would catch Infinity lost in JSON)', async () => {
    const perfect = { ...sampleReport, fidelity: { mse: 0, psnr: Infinity, ssim: 1 } }
    await writeLatentFile(at('a.safetensors'), sampleLatent(), perfect, fresh)
    expect((await readLatentFile(at('a.safetensors'))).report?.fidelity?.psnr).toBe(Infinity)
  })

  it('drops the forecast of earlier versions, which kept it whatever the latent was decoded with', async () => {
    await writeLatentFile(at('a.safetensors'), sampleLatent(), sampleReport, fresh)
    const { header } = await takeApart(at('a.safetensors'))
    const bytes = await readFile(at('a.safetensors'))
    const values = bytes.subarray(8 + Number(bytes.readBigUInt64LE()))
    const { stateStd: _new, ...earlier } = JSON.parse(header.__metadata__.slerp_studio_latent)
    expect(earlier.forecast).toEqual(sampleReport.forecast)
    header.__metadata__.slerp_studio_latent = JSON.stringify(earlier)
    const json = Buffer.from(JSON.stringify(header))
    const length = Buffer.alloc(8)
    length.writeBigUInt64LE(BigInt(json.length))
    await writeFile(at('b.safetensors'), Buffer.concat([length, json, values]))
    const { report } = await readLatentFile(at('b.safetensors'))
    expect(report).toMatchObject({ forecast: null, fidelity: sampleReport.fidelity })
  })

  it('omits fields that are not part of a report (would catch previews of an EncodeReport in the header)', async () => {
    const report = { ...sampleReport, sourcePng: new Uint8Array(1000) }
    await writeLatentFile(at('a.safetensors'), sampleLatent(), report, fresh)
    const { header } = await takeApart(at('a.safetensors'))
    expect(header.__metadata__.slerp_studio_latent).not.toContain('sourcePng')
  })

  it('has the same bytes for the same latent (would catch a time or a path stored in the file)', async () => {
    await writeLatentFile(at('a.safetensors'), sampleLatent(), sampleReport, fresh)
    const compute = { ...sampleReport.compute!, reason: 'Another reason, after another check.' }
    const later = { ...sampleReport, compute, seconds: 2 * sampleReport.seconds }
    await writeLatentFile(at('b.safetensors'), sampleLatent(), later, fresh)
    expect(await readFile(at('a.safetensors'))).toEqual(await readFile(at('b.safetensors')))
  })
})

describe('a .npy latent', () => {
  it('restores the values, without a timestep or a report', async () => {
    await writeLatentFile(at('a.npy'), sampleLatent(), sampleReport, fresh)
    expect(await readLatentFile(at('a.npy'))).toEqual({ x: sampleLatent().x, timestep: null, report: null })
  })

  it('is recognised by content after being renamed', async () => {
    await writeLatentFile(at('a.npy'), sampleLatent(), sampleReport, fresh)
    await writeFile(at('a.safetensors'), await readFile(at('a.npy')))
    expect((await readLatentFile(at('a.safetensors'))).x).toEqual(sampleLatent().x)
  })

  it('cannot hold a leapfrog pair (would catch a companion dropped silently)', async () => {
    await expect(writeLatentFile(at('a.npy'), samplePair(), sampleReport, fresh)).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringMatching(/use \.safetensors/),
    })
    expect(await readdir(folder)).toEqual([])
  })
})

describe('writeLatentFile', () => {
  it('requires the extension .safetensors or .npy', async () => {
    await expect(writeLatentFile(at('a.png'), sampleLatent(), sampleReport, fresh)).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringMatching(/\.safetensors or \.npy/),
    })
  })

  it('does not replace an existing file without overwrite', async () => {
    await writeFile(at('a.npy'), 'old')
    await expect(writeLatentFile(at('a.npy'), sampleLatent(), sampleReport, fresh)).rejects.toMatchObject({
      code: 'EXISTS',
    })
    expect(await readFile(at('a.npy'), 'utf8')).toBe('old')
  })
})
