import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { cpus, totalmem } from 'node:os'
import { promisify } from 'node:util'
import type { Provider } from '#shared/devices'

/** What a provider's hardware is called, and how much memory it has; null where nobody tells. */
export interface Hardware {
  readonly device: string | null
  readonly memoryBytes: number | null
}

const unknown: Hardware = { device: null, memoryBytes: null }
const askMilliseconds = 3000

/** Names the hardware behind a provider. Asked in the process that has just used it: some of it shows only there. */
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
  // Like the runtime, the first card.
  const [device, mebibytes] = stdout.split('\n')[0].split(',')
  if (!device) return unknown
  return { device: device.trim(), memoryBytes: Number(mebibytes) * 2 ** 20 || null }
}

/** Libraries of the Vulkan drivers; those that imitate a card in software come last. */
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

/** The runtime tells no adapter's name, but the driver it chose is mapped into this process. */
async function nameVulkanDriver(): Promise<Hardware> {
  const mapped = await readFile('/proc/self/maps', 'utf8').catch(() => '')
  const driver = vulkanDrivers.find(([library]) => mapped.includes(library))
  if (driver?.[0] === 'libGLX_nvidia') return askNvidia()
  return { device: driver?.[1] ?? null, memoryBytes: null }
}
