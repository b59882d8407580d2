import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** What onnxruntime's CUDA provider loads, by CUDA version, besides the driver's own libcuda.so.1. */
export const librariesOf = {
  12: [
    'libcudart.so.12',
    'libcublas.so.12',
    'libcublasLt.so.12',
    'libcurand.so.10',
    'libcufft.so.11',
    'libcudnn.so.9',
  ],
  13: ['libcudart.so.13', 'libcublas.so.13', 'libcublasLt.so.13', 'libcurand.so.10', 'libcudnn.so.9'],
}

function outputOf(program, args) {
  const { stdout, error, status } = spawnSync(program, args, { encoding: 'utf8' })
  return error || status !== 0 ? '' : stdout
}

/**
 * Reads nvidia-smi's table: the driver, and the newest CUDA that it serves.
 *
 * @param {string} table
 * @returns {{ driver: string, newestCuda: number } | null} null when there is no driver
 */
export function parseDriver(table) {
  const driver = /Driver Version: ([\d.]+)/.exec(table)?.[1]
  const newestCuda = /CUDA Version: (\d+)/.exec(table)?.[1]
  return driver && newestCuda ? { driver, newestCuda: Number(newestCuda) } : null
}

/** Whether the dynamic loader finds a library: on LD_LIBRARY_PATH, or in its cache. */
function createFinder() {
  const folders = (process.env.LD_LIBRARY_PATH ?? '').split(':').filter(Boolean)
  const cached = outputOf('/sbin/ldconfig', ['-p'])
  return (library) =>
    folders.some((folder) => existsSync(join(folder, library))) || cached.includes(`\t${library} `)
}

/** What of CUDA this machine has: its driver, and for each version the libraries that are missing. */
export function findCuda() {
  const has = createFinder()
  const missing = (version) => librariesOf[version].filter((library) => !has(library))
  return { driver: parseDriver(outputOf('nvidia-smi', [])), missing: { 12: missing(12), 13: missing(13) } }
}

/**
 * The CUDA to take: the newest whose libraries are all there, else the newest that the driver serves.
 *
 * @param {ReturnType<typeof findCuda>} found
 * @returns {12 | 13 | null} null when there is no driver, or one older than CUDA 12
 */
export function chooseCuda({ driver, missing }) {
  const served = [13, 12].filter((version) => driver !== null && driver.newestCuda >= version)
  return served.find((version) => missing[version].length === 0) ?? served[0] ?? null
}
