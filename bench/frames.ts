import { resolve } from 'node:path'
import { median } from '#core/numbers/median'
import { nfe } from '#core/diffusion/cost'
import { EngineClient } from '#host/client'
import { forkEngine } from '#host/forkPort'
import { describeModel } from '#engine/model/folders/modelInfo'
import { bundledModels, presetKindOf } from '#shared/bundledModels'
import { presetsFor, type Preset } from '#shared/presets'
import { printTable } from './measure'
import { threads } from './subjects'

/** Frames of each measurement, beside those that warm it up; fewer where they take longer than `patience`. */
const frames = 24
/** Milliseconds after which a measurement ends, once it has timed three batches. */
const patience = 10_000

/**
 * How long a finished frame takes with each bundled model and preset, from latent to PNG, one at a time as while
 * scrubbing, and eight at once as in the background and in exports.
 */
export async function benchFrames(): Promise<void> {
  const rows = [['model', 'preset', 'evaluations', 'ms/frame alone', 'best', 'ms/frame of 8', 'best']]
  for (const { id } of bundledModels) {
    const path = resolve('resources/models', id)
    const client = new EngineClient(() => forkEngine(resolve('out/main/engine.js')))
    const { info } = await describeModel({ path })
    for (const preset of presetsFor(presetKindOf(info))) {
      const figures: number[] = []
      for (const batch of [1, 8]) {
        const times = await frameTimes(client, { path, preset, batch })
        figures.push(median(times), Math.min(...times))
      }
      const cost = String(nfe({ ...preset.decode, cleanTimestep: info.cleanTimestep }).decode)
      rows.push([id, preset.name, cost, ...figures.map((figure) => figure.toFixed(0))])
    }
    await client.stop()
  }
  printTable(`A finished frame, ${threads} threads`, rows)
}

let seed = 1

/** Milliseconds per frame of batches of seeds, each seed a new one, since finished frames are cached. */
async function frameTimes(
  client: EngineClient,
  { path, preset: { decode }, batch }: { path: string; preset: Preset; batch: number },
): Promise<number[]> {
  const times: number[] = []
  let began = performance.now()
  for (let done = -batch; done < frames; done += batch) {
    if (done === 0) began = performance.now()
    if (times.length >= 3 && performance.now() - began > patience) break
    const latents = Array.from({ length: batch }, () => ({ kind: 'seed' as const, seed: seed++ }))
    const started = performance.now()
    const result = await client.request('animation.frames', {
      model: { path, threads },
      plan: { kind: 'list', latents },
      indices: latents.map((_latent, at) => at),
      decode,
    })
    if (!result.ok) throw new Error(result.error.message)
    if (done >= 0) times.push((performance.now() - started) / batch)
  }
  return times
}
