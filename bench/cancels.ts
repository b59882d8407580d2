import { copyFileSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { EngineClient } from '#host/client'
import { forkEngine } from '#host/forkPort'
import { endlessGraph, endlessKinds } from '../test/fixtures/endlessGraph'
import { printTable } from './measure'
import { installation, samples, tinyModel } from './subjects'

const mostSeconds = 3
const routes = ['model.check', 'latent.encode'] as const

/** Cancels models that never answer, each in an engine of its own: how long until the user gets an answer. */
export async function benchCancels(): Promise<void> {
  const rows: string[][] = []
  for (const kind of endlessKinds) {
    for (const route of routes) {
      const { seconds, code } = await cancel(kind, route)
      const isGood = code === 'CANCELLED' && seconds <= mostSeconds + 0.5
      rows.push([isGood ? 'ok' : 'FAIL', kind, route, code, `${seconds.toFixed(2)} s`])
    }
  }
  const good = rows.filter(([verdict]) => verdict === 'ok').length
  printTable(`Cancels of models that hang: ${good} of ${rows.length} answered within ${mostSeconds} s`, rows)
}

async function cancel(
  kind: (typeof endlessKinds)[number],
  route: (typeof routes)[number],
): Promise<{ seconds: number; code: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'slerp-endless-'))
  const path = join(folder, 'net.onnx')
  writeFileSync(path, endlessGraph(kind))
  copyFileSync(join(tinyModel, 'scheduler/scheduler_config.json'), join(folder, 'scheduler_config.json'))
  const client = new EngineClient(() => forkEngine(installation.engineEntry, () => undefined))
  const controller = new AbortController()
  const model = { path, threads: 1, device: 'cpu' as const }
  const asked =
    route === 'model.check'
      ? client.request(route, { model }, { signal: controller.signal })
      : client.request(
          route,
          { model, picture: { path: samples[0] }, encode: { steps: 2 }, decode: { steps: 2 } },
          { signal: controller.signal },
        )
  // By then it hangs.
  await setTimeout(6000)
  const began = performance.now()
  controller.abort()
  const result = await asked
  const seconds = (performance.now() - began) / 1000
  await client.stop()
  return { seconds, code: result.ok ? 'answered' : result.error.code }
}
