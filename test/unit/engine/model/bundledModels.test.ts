import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { nfe } from '#core/diffusion/cost'
import type { TrajectorySettings } from '#core/diffusion/settings'
import { describeModel } from '#engine/model/folders/modelInfo'
import { bundledModelName } from '#files/installation'
import { bundledModelOf, bundledModels, presetKindOf } from '#shared/bundledModels'
import { presetFor, type Preset, type PresetId } from '#shared/presets'

const folder = 'resources/models'
const presetIds: readonly PresetId[] = ['draft', 'standard', 'exact']

/** A Markdown table below a heading: its cells by row and column, each named by its first cell. */
function tableBelow(page: string, heading: string): (row: string, column: string) => string {
  const lines = page.slice(page.lastIndexOf(heading)).split('\n')
  const cells = (line: string) => line.split('|').map((cell) => cell.trim())
  const columns = cells(lines.find((line) => line.startsWith('|'))!)
  return (row, column) => cells(lines.find((line) => line.startsWith(`| ${row} `))!)[columns.indexOf(column)]
}

/** The mean PSNR of a preset on the page of a pixel model, whose tables have a row per solver. */
function psnrOfPixels(page: string, { encode }: Preset): string {
  const { solver, timestepSpacing, steps } = encode
  return tableBelow(page, '### PSNR, dB')(`${solver}, ${timestepSpacing}`, `S = ${steps}`)
}

const costOf = (settings: TrajectorySettings) => nfe({ ...settings, cleanTimestep: -1 })

/** The mean PSNR of a preset on the page of a latent model, which has a table of the presets. */
function psnrOfCodes(page: string, { name, encode, decode }: Preset): string {
  const cell = tableBelow(page, '## The presets')
  const row = `${name}: ${encode.solver}`
  expect(cell(row, 'evaluations')).toBe(`${costOf(encode).encode} + ${costOf(decode).decode}`)
  return cell(row, 'together, dB')
}

describe('what is known of the bundled models', () => {
  it('is known of exactly those in the program, among them the one it starts with', () => {
    expect(bundledModels.map(({ id }) => id).sort()).toEqual(readdirSync(folder).sort())
    expect(bundledModels.map(({ id }) => id)).toContain(bundledModelName)
  })

  it.each(bundledModels)('belongs to the files of $id', async ({ id }) => {
    const { info } = await describeModel({ path: join(folder, id) })
    expect(bundledModelOf(info)?.id).toBe(id)
    expect(bundledModelOf({ ...info, scheduleHash: 'read differently' })).toBeUndefined()
  })

  it('takes few steps along paths that are known to be straight, in no other model of codes', async () => {
    const { info } = await describeModel({ path: join(folder, 'fruits-96') })
    expect(presetKindOf(info)).toBe('straightCodes')
    expect(presetKindOf({ ...info, sha256: 'weights of somebody else' })).toBe('codes')
    expect(presetKindOf({ ...info, autoencoder: null })).toBe('pixels')
    const [straight, codes] = (['straightCodes', 'codes'] as const).map((kind) => presetFor(kind, 'standard'))
    expect(costOf(straight.decode).decode).toBeLessThan(costOf(codes.decode).decode / 2)
  })

  it.each(bundledModels)('agrees with the page of results that $id was measured for', async (model) => {
    const { info } = await describeModel({ path: join(folder, model.id) })
    const kind = presetKindOf(info)
    const ofPixels = kind === 'pixels'
    const page = readFileSync(ofPixels ? 'docs/results.md' : 'docs/results-latent.md', 'utf8')
    expect(page).toContain(model.sha256.slice(0, 16))
    for (const id of presetIds) {
      const preset = presetFor(kind, id)
      const found = ofPixels ? psnrOfPixels(page, preset) : psnrOfCodes(page, preset)
      expect(found).toBe(model.accuracy[id].toFixed(1))
    }
  })
})
