import { resolve } from 'node:path'
import { nodeEnvironment } from '../src/cli/installation'
import type { UNetParts } from '#engine/model/graph/builtNetwork'
import type { RequestContext } from '#engine/job/requestContext'
import { describeModel } from '#engine/model/folders/modelInfo'

/** What the benchmarks run on. */
export const bundledModel = resolve('resources/models/fruits-64')
/** Random weights, 16 x 16, for measurements that do not depend on the network. */
export const tinyModel = resolve('test/golden/fixtures/unet/one-layer')
/** An apple and a tomato, the two ends of a morph. */
export const samples = ['apple-red-yellow.webp', 'tomato-cherry-red.webp'].map((name) =>
  resolve('resources/samples', name),
)
/** Threads of every session, so that figures of different machines can be compared. */
export const threads = 2
/** The context of work that nobody cancels or listens to. */
export const quietContext: RequestContext = {
  signal: new AbortController().signal,
  report: () => undefined,
  computesOn: () => undefined,
  evaluates: () => undefined,
}
/** Where the built program is. */
export const installation = nodeEnvironment()

/** Configuration and weight files of fruits-64. */
export async function bundledParts(): Promise<UNetParts> {
  const { network } = await describeModel({ path: bundledModel })
  if (network.kind !== 'diffusers') throw new TypeError(`${bundledModel} is no diffusers folder.`)
  return network
}
