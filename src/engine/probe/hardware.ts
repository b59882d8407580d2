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

async function askNvidia(): Promise<Hardware> {
  const query = ['--query-gpu=name,memory.total', '--format=csv,noheader,nounits']
  const { stdout } = await promisify(execFile)('nvidia-smi', query, { timeout: askMilliseconds }).catch(
    () => ({ stdout: '' }),
  )
  // The first card, which is also the one that the runtime uses.
  const [device, mebibytes] = stdout.split('\n')[0].split(',')
  if (!device) return unknown
  return { device: device.trim(), memoryBytes: Number(mebibytes) * 2 ** 20 || null }
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
  if (driver?.[0] === 'libGLX_nvidia') return askNvidia()
  return { device: driver?.[1] ?? null, memoryBytes: null }
}
