import { readFile, readdir, stat } from 'node:fs/promises'
import { arch, cpus, release } from 'node:os'
import { join } from 'node:path'
import { findRuntime } from '#files/installation'
import { sha256Of } from '#files/sha256'
import { providerFolder } from '../providerFolder'
import { driverVersionFile } from './nvidiaDriver'

/** Environment variables that affect which libraries, drivers and cards a process finds. */
const variables = [
  'LD_LIBRARY_PATH',
  'PATH',
  'CUDA_VISIBLE_DEVICES',
  'VK_DRIVER_FILES',
  'VK_ICD_FILENAMES',
  'VK_ADD_DRIVER_FILES',
]
const vulkanFolders = ['/usr/share/vulkan/icd.d', '/etc/vulkan/icd.d', '/usr/local/share/vulkan/icd.d']
const cards = '/proc/driver/nvidia/gpus'
/**
 * Traces of drivers below Windows' folder: the folder in which every driver has its own, and the log of new devices.
 */
const windowsTraces = ['System32/DriverStore/FileRepository', 'INF/setupapi.dev.log']

/**
 * Returns a fingerprint of this machine's graphics, without running any of it: the runtime's version and
 * files, drivers, cards, installed libraries. The result of a probe is valid only while this stays the same.
 */
export async function fingerprintMachine(platform: NodeJS.Platform = process.platform): Promise<string> {
  const facts = [
    [platform, arch(), release(), cpus()[0]?.model],
    variables.map((name) => process.env[name]),
    await runtimeFacts(),
    await textOf(driverVersionFile),
    await Promise.all((await namesIn(cards)).map((name) => textOf(join(cards, name, 'information')))),
    await Promise.all(vulkanFolders.map(timesIn)),
    // Rewritten whenever a library is installed.
    await timeOf('/etc/ld.so.cache'),
    await Promise.all(
      (await namesIn('/sys/class/drm')).map((name) => cardFacts(join('/sys/class/drm', name))),
    ),
    platform === 'win32' && (await windowsFacts()),
  ]
  return sha256Of(JSON.stringify(facts))
}

async function runtimeFacts(): Promise<unknown> {
  const { version, libraries } = findRuntime()
  return [version, await timesIn(libraries), await timesIn(providerFolder())]
}

async function windowsFacts(): Promise<unknown> {
  const { SystemRoot: folder = 'C:\\Windows' } = process.env
  return Promise.all(windowsTraces.map((name) => timeOf(join(folder, name))))
}

async function cardFacts(folder: string): Promise<unknown> {
  return Promise.all(['vendor', 'device'].map((name) => textOf(join(folder, 'device', name))))
}

async function timesIn(folder: string): Promise<unknown> {
  return Promise.all((await namesIn(folder)).map(async (name) => [name, await timeOf(join(folder, name))]))
}

async function namesIn(folder: string): Promise<string[]> {
  return (await readdir(folder).catch(() => [])).sort()
}

async function textOf(path: string): Promise<string | null> {
  return readFile(path, 'utf8').catch(() => null)
}

async function timeOf(path: string): Promise<number | null> {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => null,
  )
}
