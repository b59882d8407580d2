import { mkdtempSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { median } from '#core/numbers/median'
import { createGaussian } from '#core/random/gaussian'
import { createTensor, type Tensor } from '#core/diffusion/tensor'
import { openModel } from '#engine/model/denoiser/openModel'
import type { Model } from '#engine/model/denoiser/model'
import { exportRepository } from '#engine/model/folders/exportRepository'
import { inferenceServer } from '#shared/inferenceServer'
import { freePort, handOn, hasModule, RealServer, serverPython } from '../test/fixtures/realServer'
import { printTable, timed } from './measure'
import { bundledModel } from './subjects'

const batch = 16
const rounds = 5
/** Longer than a response may take before the request is sent again. */
const stallSeconds = 60

/**
 * fruits-64 on KServe's own server: two behind one address against one, and one that hangs a minute.
 */
export async function benchServers(): Promise<void> {
  if (!hasModule('kserve')) {
    console.log(`"${serverPython}" has no kserve: name a Python that has it in SLERP_SERVER_PYTHON.`)
    return
  }
  const folder = join(mkdtempSync(join(tmpdir(), 'slerp-studio-bench-')), 'repository')
  await exportRepository({ path: bundledModel }, { folder, precision: 'fp32', overwrite: false })
  const ports = [await freePort(), await freePort()]
  const servers = ports.map((port) => new RealServer('kserve_server.py', folder, port))
  let next = 0
  const front = createServer((client) => handOn(client, ports[next++ % ports.length]))
  await new Promise<void>((settle) => front.listen(0, '127.0.0.1', settle))
  try {
    await Promise.all(servers.map((server) => server.start()))
    const both = `http://127.0.0.1:${(front.address() as AddressInfo).port}`
    await compareThroughput(servers[0].url, both)
    await standStill(servers[0])
  } finally {
    front.close()
    await Promise.all(servers.map((server) => server.kill()))
  }
}

function open(url: string): Promise<Model> {
  return openModel({ path: bundledModel, threads: 1, server: inferenceServer.parse({ url }) })
}

function draw(): Tensor {
  const states = createTensor([batch, 3, 64, 64])
  createGaussian(1).fill(states.data)
  return states
}

/** Alternates between them, so that slowdowns of the machine affect both. */
async function compareThroughput(one: string, two: string): Promise<void> {
  const models = [await open(one), await open(two)]
  const states = draw()
  const times: number[][] = [[], []]
  for (const model of models) await model.denoiser.predict(states, 500)
  for (let round = 0; round < rounds; round++) {
    for (const [i, model] of models.entries())
      times[i].push(await timed(() => model.denoiser.predict(states, 500)))
  }
  await Promise.all(models.map((model) => model.close()))
  const rates = times.map((each) => (1000 * batch) / median(each))
  printTable(`Evaluations a second in batches of ${batch}, each server with one thread`, [
    ['one server', 'two behind one address', 'ratio'],
    [rates[0].toFixed(1), rates[1].toFixed(1), (rates[1] / rates[0]).toFixed(2)],
  ])
}

async function standStill(server: RealServer): Promise<void> {
  const model = await open(server.url)
  const states = draw()
  const expected = await model.denoiser.predict(states, 500)
  server.signal('SIGSTOP')
  const answer = model.denoiser.predict(states, 500)
  await setTimeout(1000 * stallSeconds)
  server.signal('SIGCONT')
  const isEqual = (await answer).data.every((value, i) => value === expected.data[i])
  await model.close()
  console.log(
    `\nA server that stood still for ${stallSeconds} s: the answer is ${isEqual ? 'the same' : 'another'}.`,
  )
}
