import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { median } from '#core/numbers/median'
import { createTensor } from '#core/diffusion/tensor'
import { openModel } from '#engine/model/denoiser/openModel'
import { printTable, timed } from './measure'
import { bundledModel, threads } from './subjects'

const run = promisify(execFile)

/** Time to the first answer: of a command that only reads, and of a network that must be loaded. */
export async function benchStart(): Promise<void> {
  const info: number[] = []
  for (let i = 0; i < 7; i++) {
    info.push(await timed(() => run(process.execPath, ['bin/slerp-studio.mjs', 'info', '--json'])))
  }
  const opening: number[] = []
  const first: number[] = []
  for (let i = 0; i < 5; i++) {
    const began = performance.now()
    const model = await openModel({ path: bundledModel, threads })
    opening.push(performance.now() - began)
    first.push(await timed(() => model.denoiser.predict(createTensor([1, ...model.space.stateShape]), 500)))
    await model.close()
  }
  printTable('Start (medians)', [
    ['info, whole process', 'open the model', 'session and first evaluation'],
    [`${median(info).toFixed(0)} ms`, `${median(opening).toFixed(0)} ms`, `${median(first).toFixed(0)} ms`],
  ])
}
