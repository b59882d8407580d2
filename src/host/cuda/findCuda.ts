import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { findProgram } from '#files/findProgram'

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
  /** Whether there may be a driver, but it did not answer in time: it hangs. */
  readonly isSilent: boolean
  readonly missing: Readonly<Record<CudaVersion, readonly string[]>>
}

/**
 * Parses nvidia-smi's table: the driver, and the newest CUDA that it supports; null if there is none. From
 * driver 610 on, the table names the kernel's part ("KMD") and CUDA's ("CUDA UMD") apart.
 */
export function parseDriver(table: string): FoundCuda['driver'] {
  const driver = /(?:Driver|KMD) Version: ([\d.]+)/.exec(table)?.[1]
  const newestCuda = /CUDA (?:UMD )?Version: (\d+)/.exec(table)?.[1]
  return driver && newestCuda ? { driver, newestCuda: Number(newestCuda) } : null
}

/**
 * Looks for a driver, and for CUDA's libraries where the dynamic loader does.
 *
 * @param patienceSeconds  how long the driver may take to answer
 */
export async function findCuda(patienceSeconds = 10): Promise<FoundCuda> {
  const folders = (process.env.LD_LIBRARY_PATH ?? '').split(':').filter(Boolean)
  const [cached, table] = await Promise.all([
    outputOf('/sbin/ldconfig', ['-p'], patienceSeconds),
    outputOf(findProgram('nvidia-smi'), [], patienceSeconds),
  ])
  const has = (library: string): boolean =>
    folders.some((folder) => existsSync(join(folder, library))) || !!cached?.includes(`\t${library} `)
  const missing = (version: CudaVersion): string[] => librariesOf[version].filter((library) => !has(library))
  const driver = parseDriver(table ?? '')
  return { driver, isSilent: table === null, missing: { 12: missing(12), 13: missing(13) } }
}

/**
 * Chooses a CUDA version: the newest whose libraries are all present, otherwise the newest that the driver
 * supports. Null if there is no driver, or only one older than CUDA 12.
 */
export function chooseCuda({ driver, missing }: Omit<FoundCuda, 'isSilent'>): CudaVersion | null {
  const served = ([13, 12] as const).filter((version) => driver !== null && driver.newestCuda >= version)
  return served.find((version) => missing[version].length === 0) ?? served[0] ?? null
}

/**
 * Returns what a program prints: nothing if it fails, null if it takes too long. A program stuck in a hanging driver
 * cannot even be killed, so this does not wait for its end.
 */
async function outputOf(
  program: string | null,
  args: readonly string[],
  patienceSeconds: number,
): Promise<string | null> {
  if (program === null) return ''
  return new Promise((resolve) => {
    const child = execFile(program, args, (error, stdout) => {
      clearTimeout(timer)
      resolve(error ? '' : stdout)
    })
    const timer = setTimeout(() => {
      resolve(null)
      child.kill('SIGKILL')
      child.stdout?.destroy()
      child.stderr?.destroy()
      child.unref()
    }, 1000 * patienceSeconds)
  })
}
