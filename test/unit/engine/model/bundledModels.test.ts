import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { describeModel } from '#engine/model/folders/modelInfo'
import { bundledModelName } from '#files/installation'
import { bundledModelOf, bundledModels } from '#shared/bundledModels'
import { presetFor, stateKindOf, type PresetId } from '#shared/presets'

const folder = 'resources/models'
const presetIds: readonly PresetId[] = ['draft', 'standard', 'exact']

/** The cell of a results page's last PSNR table: a row per solver, a column per number of steps. */
function psnrOn(page: string, row: string, steps: number): string {
  const lines = page.slice(page.lastIndexOf('### PSNR, dB')).split('\n')
  const cells = (line: string) => line.split('|').map((cell) => cell.trim())
  const heading = cells(lines.find((line) => line.includes('evaluations'))!)
  return cells(lines.find((line) => line.startsWith(`| ${row} `))!)[heading.indexOf(`S = ${steps}`)]
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

  it.each(bundledModels)('agrees with the page of results that $id was measured for', async (model) => {
    const { info } = await describeModel({ path: join(folder, model.id) })
    const kind = stateKindOf(info)
    const page = readFileSync(kind === 'pixels' ? 'docs/results.md' : 'docs/results-latent.md', 'utf8')
    expect(page).toContain(model.sha256.slice(0, 16))
    for (const id of presetIds) {
      const { solver, timestepSpacing, steps } = presetFor(kind, id).encode
      expect(psnrOn(page, `${solver}, ${timestepSpacing}`, steps)).toBe(model.accuracy[id].toFixed(1))
    }
  })
})
