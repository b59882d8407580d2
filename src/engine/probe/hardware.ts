import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { cpus, totalmem } from 'node:os'
import { promisify } from 'node:util'
import type { Provider } from '#shared/devices'

/** The name and memory size of a provider's hardware; null if unknown. */
export interface Hardware {
  readonly device: string | null
  readonly memoryBytes: number | null
}

const unknown: Hardware = { device: null, memoryBytes: null }
const askMilliseconds = 3000

/**
 * Identifies the hardware behind a provider. Must run in the process that has just used it, because some of
 * the information is visible only there.
 */
export async function describeHardware(provider: Provider): Promise<Hardware> {
  if (provider === 'cpu') return { device: cpus()[0]?.model.trim() || null, memoryBytes: totalmem() }
  if (provider === 'cuda') return askNvidia()
  if (provider === 'webgpu' && process.platform === 'linux') return nameVulkanDriver()
  return unknown
}

/** Identifies the NVIDIA card that this process computes on; unknown if it may be one of several unlike cards. */
async function askNvidia(): Promise<Hardware> {
  const [cards, processes] = await Promise.all([
    nvidiaRows('--query-gpu=gpu_uuid,name,memory.total'),
    nvidiaRows('--query-compute-apps=pid,gpu_uuid'),
  ])
  const own = processes.filter(([pid]) => pid === String(process.pid)).map(([, card]) => card)
  const used = cards.filter(([card]) => own.includes(card))
  // In a container, the driver uses other process ids, so any card is possible.
  const kinds = new Map((used.length > 0 ? used : cards).map(([, ...kind]) => [kind.join(), kind]))
  if (kinds.size !== 1) return unknown
  const [[device, mebibytes]] = kinds.values()
  return { device, memoryBytes: Number(mebibytes) * 2 ** 20 || null }
}

/** Returns the rows that nvidia-smi answers to a query; none if it fails or hangs. */
async function nvidiaRows(query: string): Promise<string[][]> {
  const options = [query, '--format=csv,noheader,nounits']
  const { stdout } = await promisify(execFile)('nvidia-smi', options, { timeout: askMilliseconds }).catch(
    () => ({ stdout: '' }),
  )
  const lines = stdout.split('\n').filter((line) => line.trim() !== '')
  return lines.map((line) => line.split(',').map((value) => value.trim()))
}

/** Libraries of the Vulkan drivers; those that emulate a card in software come last. */
const vulkanDrivers = [
  ['libGLX_nvidia', 'NVIDIA card'],
  ['libvulkan_radeon', 'AMD card'],
  ['amdvlk', 'AMD card'],
  ['libvulkan_intel', 'Intel card'],
  ['libvulkan_asahi', 'Apple card'],
  ['libvulkan_freedreno', 'Adreno card'],
  ['libvulkan_lvp', 'llvmpipe, in software'],
  ['libvk_swiftshader', 'SwiftShader, in software'],
] as const

/**
 * The runtime does not report an adapter's name, but the driver that it chose is mapped into this process.
 */
async function nameVulkanDriver(): Promise<Hardware> {
  const mapped = await readFile('/proc/self/maps', 'utf8').catch(() => '')
  const driver = vulkanDrivers.find(([library]) => mapped.includes(library))
  const named = { device: driver?.[1] ?? null, memoryBytes: null }
  if (driver?.[0] !== 'libGLX_nvidia') return named
  const card = await askNvidia()
  return card.device === null ? named : card
}
