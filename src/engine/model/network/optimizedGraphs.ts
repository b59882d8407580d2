import { makeFolder } from '#files/makeFolder'
import { createHash } from 'node:crypto'
import { readFile, readdir, rm, stat, utimes } from 'node:fs/promises'
import { cpus } from 'node:os'
import { dirname, join } from 'node:path'
import type { ModelInfo } from '#shared/reports'
import { removeAbandonedSiblings, temporarySibling } from '#files/temporarySibling'
import { writeAtomicFile } from '#files/atomicFile'
import { createOnnxSession, runtimeName, type OnnxSession, type OnnxSessionOptions } from './onnx'

/** The model that a graph belongs to, whose weights it refers to. */
type Owner = Pick<ModelInfo, 'sha256' | 'parameters'>

/**
 * Opens the graph of a model.
 *
 * @throws Error of the runtime if it refuses the graph
 */
export type OpenGraph = (graph: Uint8Array, options: OnnxSessionOptions, model: Owner) => Promise<OnnxSession>

/** Enough for a bundled model in a dozen batch sizes. */
const bytesKept = 512 * 2 ** 20
/** A model is cached only if this many of its batch sizes fit. */
const fewestKept = 4

/** Each graph is preceded by its SHA-256, because the runtime would not notice a flipped bit in a weight. */
const digestLength = 32

/**
 * Caches CPU graphs in a folder after the runtime has optimised them, which is most of the work of opening
 * one. A cache entry is specific to one graph, its weights, the runtime version and the processor, because
 * the runtime lays out weights to suit the processor's registers. An unwritable folder or a damaged file
 * costs only time: a graph's results are bit-identical with or without the cache.
 *
 * @param bytes  the most that the folder may hold; the least recently used entry is removed first
 */
export function keepOptimizedGraphs(folder: string, bytes = bytesKept): OpenGraph {
  return async (graph, options, model) => {
    // Graphs for a graphics card are compiled by its driver, which has its own cache.
    const isKept = (options.provider ?? 'cpu') === 'cpu' && 4 * model.parameters * fewestKept <= bytes
    if (!isKept) return createOnnxSession(graph, options)
    const path = join(folder, `${await nameOf(graph, model)}.onnx`)
    const kept = await readKept(path)
    return (kept && (await attempt(kept, options))) ?? openAndKeep(graph, options, path, bytes)
  }
}

async function nameOf(graph: Uint8Array, { sha256 }: Owner): Promise<string> {
  const circumstances = JSON.stringify([sha256, await runtimeName(), cpus()[0]?.model])
  return createHash('sha256').update(graph).update(circumstances).digest('hex')
}

function attempt(graph: Uint8Array, options: OnnxSessionOptions): Promise<OnnxSession | null> {
  return createOnnxSession(graph, options).catch(() => null)
}

async function openAndKeep(
  graph: Uint8Array,
  options: OnnxSessionOptions,
  path: string,
  bytes: number,
): Promise<OnnxSession> {
  const optimizedModelPath = temporarySibling(path)
  const folder = dirname(path)
  try {
    await makeFolder(folder).catch(() => undefined)
    const session = await attempt(graph, { ...options, optimizedModelPath })
    // Retry without the folder, to find out whether the folder or the graph is at fault.
    if (session === null) return await createOnnxSession(graph, options)
    await keep(optimizedModelPath, path)
      .then(() => makeRoom(folder, bytes))
      .catch(() => undefined)
    return session
  } finally {
    await rm(optimizedModelPath, { force: true }).catch(() => undefined)
  }
}

/** Reads the graph cached at a path; null if there is none, or if it is damaged. */
async function readKept(path: string): Promise<Uint8Array | null> {
  const contents = await readFile(path).catch(() => null)
  if (contents === null) return null
  const graph = contents.subarray(digestLength)
  if (!digestOf(graph).equals(contents.subarray(0, digestLength))) return null
  const now = new Date()
  await utimes(path, now, now).catch(() => undefined)
  return graph
}

async function keep(written: string, path: string): Promise<void> {
  const graph = await readFile(written)
  await rm(written)
  await writeAtomicFile(path, Buffer.concat([digestOf(graph), graph]), { overwrite: true })
  await removeAbandonedSiblings(path)
}

function digestOf(graph: Uint8Array): Buffer {
  return createHash('sha256').update(graph).digest()
}

async function makeRoom(folder: string, bytes: number): Promise<void> {
  const paths = (await readdir(folder)).map((name) => join(folder, name))
  const files = await Promise.all(paths.map(async (path) => ({ path, ...(await usageOf(path)) })))
  let total = 0
  for (const { path, size } of files.sort((a, b) => b.used - a.used)) {
    total += size
    if (total > bytes) await rm(path, { force: true })
  }
}

async function usageOf(path: string): Promise<{ size: number; used: number }> {
  const { size, mtimeMs } = await stat(path)
  return { size, used: mtimeMs }
}
