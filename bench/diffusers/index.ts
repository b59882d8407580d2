/**
 * Opens every model that make_models.py made, and compares its decoded pictures with those of diffusers.
 *
 *     npx tsx bench/diffusers/index.ts FOLDER
 */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { decode } from '#core/diffusion/inversion'
import { createTensor, type Tensor } from '#core/diffusion/tensor'
import { classCondition } from '#engine/model/network/classCondition'
import { openModel } from '#engine/model/denoiser/openModel'
import { readSafetensorsHeader, readTensor } from '#engine/model/weights/safetensors'

/** Tolerance in levels of 0 … 255, for pictures on [-1, 1]. */
const levels = 1
const levelsOf = (difference: number): number => (difference * 255) / 2

/** The value as a picture can show it: random networks far exceed its range. */
const shown = (value: number): number => Math.min(1, Math.max(-1, value))

async function tensorOf(file: string, name: string): Promise<Tensor> {
  const { data, shape } = await readTensor(file, name)
  return createTensor(shape, data)
}

/** The largest difference from diffusers' picture, in levels. */
async function compare(folder: string): Promise<number> {
  const file = join(folder, 'expected.safetensors')
  const { tensors } = await readSafetensorsHeader(file)
  const model = await openModel({ path: folder, threads: 1 })
  const label = tensors.has('class') ? (await tensorOf(file, 'class')).data[0] : undefined
  const condition = classCondition(model.info, label)
  const steps = decode(
    { x: await tensorOf(file, 'x_T'), timestep: model.schedule.numTrainTimesteps - 1 },
    {
      schedule: model.schedule,
      settings: {
        solver: 'ddim',
        timestepSpacing: 'trailing',
        steps: 10,
        eta: 0,
        sigmaHat: false,
        seed: 0,
        clip: false,
      },
      predictEpsilon: model.denoiser.predictor({ condition }),
    },
  )
  let next = await steps.next()
  while (!next.done) next = await steps.next()
  const expected = await tensorOf(file, 'x_0')
  const ours = next.value
  await model.close()
  return levelsOf(
    ours.data.reduce((most, value, i) => Math.max(most, Math.abs(shown(value) - shown(expected.data[i]))), 0),
  )
}

const [root] = process.argv.slice(2)
const names = readdirSync(root).filter((name) => existsSync(join(root, name, 'expected.safetensors')))
let failed = 0
for (const name of names.sort()) {
  const outcome = await compare(join(root, name)).catch((error: unknown) => (error as Error).message)
  const isGood = typeof outcome === 'number' && outcome <= levels
  failed += isGood ? 0 : 1
  console.log(
    `${isGood ? 'ok  ' : 'FAIL'} ${name}: ${typeof outcome === 'number' ? `${outcome.toFixed(4)} levels` : outcome}`,
  )
}
console.log(
  `${names.length - failed} of ${names.length} models agree with diffusers within ${levels} level of 255.`,
)
process.exitCode = failed > 0 ? 1 : 0
