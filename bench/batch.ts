import { createTensor } from '../src/main/engine/core/tensor'
import { createGaussian } from '../src/main/engine/core/gaussian'
import { openModel } from '../src/main/engine/model/openModel'
import { median, printTable } from './measure'
import { bundledModel } from './subjects'

const batches = [1, 2, 4, 8, 16, 32, 64]

/** Processor time that work takes, in milliseconds: what else runs on the machine does not count. */
async function processorTime(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

/**
 * What a picture costs on the CPU by the size of its batch: where the rule of model/automaticBatch.ts comes from. With
 * one thread, for several wait for each other in loops that take processor time too.
 */
export async function benchBatch(): Promise<void> {
  const rows = [['batch', 'processor ms/picture', 'best']]
  for (const batch of batches) {
    const model = await openModel({ path: bundledModel, threads: 1 })
    const x = createTensor([batch, ...model.shape])
    createGaussian(1).fill(x.data)
    await model.predict(x, 500)
    const times: number[] = []
    for (let round = 0; round < Math.max(3, 48 / batch); round++) {
      times.push((await processorTime(() => model.predict(x, 500))) / batch)
    }
    await model.close()
    rows.push([String(batch), median(times).toFixed(1), Math.min(...times).toFixed(1)])
  }
  printTable('One picture by the size of its batch, one thread', rows)
}
