import type { Provider } from '#shared/devices'

/** Ways to a graphics card by platform and architecture, the more promising first. */
const candidates: Readonly<Record<string, readonly Provider[]>> = {
  'linux/x64': ['cuda', 'webgpu'],
  win32: ['directml', 'webgpu'],
  darwin: ['coreml', 'webgpu'],
}

/** What may work on a platform, besides the CPU, which works everywhere. The runtime is built with no others. */
export function candidateProviders(platform = process.platform, arch = process.arch): readonly Provider[] {
  return candidates[`${platform}/${arch}`] ?? candidates[platform] ?? []
}
