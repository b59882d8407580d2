import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readModelInfo } from '#engine/model/folders/modelInfo'
import { ModelCopy } from '../../../fixtures/modelCopy'

const bundled = resolve('resources/models/fruits-64')

describe('readModelInfo', () => {
  it('describes the bundled model', async () => {
    const info = await readModelInfo(bundled)
    expect(info).toMatchObject({
      id: 'fruits-64',
      path: bundled,
      picture: { channels: 3, height: 64, width: 64 },
      state: { channels: 3, height: 64, width: 64 },
      predictionType: 'v_prediction',
      numTrainTimesteps: 1000,
      scheduleName: 'linear betas',
      defaultEndTimestep: 999,
      cleanTimestep: -1,
      licence: 'cc-by-sa-4.0',
    })
    // The card itself says 7.05 M.
    expect(info.parameters / 1e6).toBeCloseTo(7.05, 2)
    expect(info.card).toMatch(/^# fruits-64/)
    expect(info.alphasCumprod).toHaveLength(1000)
    expect(info.alphasCumprod[0]).toBeCloseTo(1 - 1e-4, 7)
  })

  it('hashes configuration and weights, in that order (would catch latents of another model accepted as its own)', async () => {
    const parts = ['unet/config.json', 'scheduler/scheduler_config.json']
    const files = [...parts, 'unet/diffusion_pytorch_model.safetensors']
    const hash = createHash('sha256')
    for (const file of files) hash.update(await readFile(join(bundled, file)))
    expect((await readModelInfo(bundled)).sha256).toBe(hash.digest('hex'))
  })

  it('changes the schedule hash only when the noise levels change', async () => {
    const copy = await ModelCopy.of('one-layer')
    const before = await readModelInfo(copy.folder)
    expect(before.id).toBe(basename(copy.folder))
    await copy.changeJson('scheduler/scheduler_config.json', { timestep_spacing: 'trailing' })
    const respaced = await readModelInfo(copy.folder)
    expect(respaced.scheduleHash).toBe(before.scheduleHash)
    expect(respaced.sha256).not.toBe(before.sha256)
    await copy.changeJson('scheduler/scheduler_config.json', { beta_end: 0.03 })
    expect((await readModelInfo(copy.folder)).scheduleHash).not.toBe(before.scheduleHash)
    await copy.remove()
  })

  it.each([
    ['no front matter', '# A model\n', null, '# A model'],
    ['Windows line ends', '---\r\nlicense: mit\r\ntags: [a]\r\n---\r\nText\r\n', 'mit', 'Text'],
    ['a quoted licence', '---\nlicense: "apache-2.0"\n---\n', 'apache-2.0', ''],
  ])('reads a model card with %s', async (_, text, licence, card) => {
    const copy = await ModelCopy.of('one-layer')
    await writeFile(join(copy.folder, 'README.md'), text)
    expect(await readModelInfo(copy.folder)).toMatchObject({ licence, card })
    await copy.remove()
  })
})
