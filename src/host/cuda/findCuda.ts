import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** The major CUDA versions that onnxruntime has providers for. */
export type CudaVersion = 12 | 13

/** Libraries that onnxruntime's CUDA provider loads, by CUDA version, besides the driver's libcuda.so.1. */
const librariesOf: Readonly<Record<CudaVersion, readonly string[]>> = {
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

/** The parts of CUDA that a machine has: its driver, and the missing libraries for each version. */
export interface FoundCuda {
  readonly driver: { readonly driver: string; readonly newestCuda: number } | null
  readonly missing: Readonly<Record<CudaVersion, readonly string[]>>
}

/** Parses nvidia-smi's table: the driver, and the newest CUDA that it supports; null if there is none. */
export function parseDriver(table: string): FoundCuda['driver'] {
  const driver = /Driver Version: ([\d.]+)/.exec(table)?.[1]
  const newestCuda = /CUDA Version: (\d+)/.exec(table)?.[1]
  return driver && newestCuda ? { driver, newestCuda: Number(newestCuda) } : null
}

/** Looks for a driver, and for CUDA's libraries where the dynamic loader does. */
export function findCuda(): FoundCuda {
  const folders = (process.env.LD_LIBRARY_PATH ?? '').split(':').filter(Boolean)
  const cached = outputOf('/sbin/ldconfig', ['-p'])
  const has = (library: string): boolean =>
    folders.some((folder) => existsSync(join(folder, library))) || cached.includes(`\t${library} `)
  const missing = (version: CudaVersion): string[] => librariesOf[version].filter((library) => !has(library))
  return { driver: parseDriver(outputOf('nvidia-smi', [])), missing: { 12: missing(12), 13: missing(13) } }
}

/**
 * Chooses a CUDA version: the newest whose libraries are all present, otherwise the newest that the driver
 * supports. Null if there is no driver, or only one older than CUDA 12.
 */
export function chooseCuda({ driver, missing }: FoundCuda): CudaVersion | null {
  const served = ([13, 12] as const).filter((version) => driver !== null && driver.newestCuda >= version)
  return served.find((version) => missing[version].length === 0) ?? served[0] ?? null
}

function outputOf(program: string, args: readonly string[]): string {
  const { stdout, error, status } = spawnSync(program, args, { encoding: 'utf8' })
  return error || status !== 0 ? '' : stdout
}
