import { cudaSetup, type DeviceReport } from '#shared/devices'
import { isOutOfMemory, plainWords } from '#shared/runtimeWords'
import { nameProbe } from './nameProbe'
import type { FailureKind, ProbeOutcome, ProbeTarget } from './runProbe'

/** Why a device is not used, and how to fix that. */
export type Explanation = Pick<DeviceReport, 'reason' | 'remedy'> & Partial<Pick<DeviceReport, 'isAbsent'>>
type Failure = Extract<ProbeOutcome, { ok: false }>

interface KnownFailure {
  readonly pattern: RegExp
  /** A clause after the provider's name; `$1` is the match of the pattern's first group. */
  readonly reason: string
  readonly remedy: string | null
  /** The remedy on systems where it is another than on Linux. */
  readonly elsewhere?: Partial<Record<NodeJS.Platform, string | null>>
  /** Whether the machine has no such card, or no driver or provider for it. */
  readonly isAbsent?: true
}

const driver = 'Install or update NVIDIA’s driver with your distribution’s tool, and restart the computer.'
const libraries = (version: string) =>
  `Install CUDA ${version}’s libraries (sudo apt-get install cuda-libraries-${version}-${version === '12' ? '9' : '0'}), or put their folder on LD_LIBRARY_PATH.`

const withoutProvider: KnownFailure = {
  pattern: /(libonnxruntime_providers_\w+\.so): cannot open shared object/,
  reason: 'lacks its provider file $1',
  remedy: cudaSetup,
  isAbsent: true,
}

/** The explanation on a machine without a driver, where setting up the provider would not help. */
const withoutDriver: KnownFailure = {
  ...withoutProvider,
  reason: 'finds no NVIDIA driver',
  remedy:
    'For an NVIDIA card, install NVIDIA’s driver with your distribution’s tool, and restart the computer.',
}

/** Known messages of the loader, the runtime and the driver, the specific before the general. */
const knownFailures: readonly KnownFailure[] = [
  withoutProvider,
  {
    pattern: /(libcuda\.so[.\d]*): cannot open shared object/,
    reason: 'lacks NVIDIA’s driver ($1)',
    remedy: driver,
    isAbsent: true,
  },
  {
    pattern:
      /(libcudnn\w*\.so[.\d]*): cannot open shared object|CUDNN_STATUS_NOT_INITIALIZED|cudnn.*not found/i,
    reason: 'lacks cuDNN 9',
    remedy: 'Install it (sudo apt-get install cudnn9-cuda-13, or cudnn9-cuda-12 for CUDA 12).',
  },
  {
    pattern: /(lib(?:cu\w+|nv\w+)\.so\.12): cannot open shared object/,
    reason: 'lacks a library of CUDA 12, $1',
    remedy: libraries('12'),
  },
  {
    pattern: /(lib(?:cu\w+|nv\w+)\.so[.\d]*): cannot open shared object/,
    reason: 'lacks a library of CUDA 13, $1',
    remedy: libraries('13'),
  },
  {
    pattern: /undefined symbol|version `[^']+' not found|requested API version|incompatible.*version/i,
    reason: 'has a provider file of another version of onnxruntime',
    remedy: cudaSetup,
  },
  {
    pattern: /driver version is insufficient|CUDA failure 35\b/i,
    reason: 'needs a newer driver',
    remedy: driver,
  },
  {
    pattern: /no CUDA-capable device|CUDA failure 100\b/i,
    reason: 'finds no NVIDIA card',
    remedy: null,
    isAbsent: true,
  },
  {
    pattern: /Failed to get a WebGPU adapter|No supported adapters/i,
    reason: 'finds no graphics card with a driver for it',
    remedy:
      'Install the card’s Vulkan driver (sudo apt-get install mesa-vulkan-drivers, or NVIDIA’s driver).',
    elsewhere: { win32: 'Install or update the graphics card’s driver.', darwin: null },
    isAbsent: true,
  },
  { pattern: /requires f16|shader-f16/i, reason: 'is more than the card or its driver can do', remedy: null },
  {
    pattern: /backend not found/i,
    reason: 'is not part of this build of onnxruntime',
    remedy: null,
    isAbsent: true,
  },
  {
    pattern: /assigned to the default CPU EP|fallback to CPU EP/i,
    reason: 'cannot run every layer of the network',
    remedy: null,
  },
]

/**
 * Explains from a probe's last output why a provider does not work, and how to fix it.
 *
 * @param hasDriver  whether this machine has NVIDIA's driver
 */
export function explainFailure(
  trial: ProbeTarget,
  { kind, words }: Failure,
  hasDriver: () => boolean,
  platform: NodeJS.Platform = process.platform,
): Explanation {
  const name = nameProbe(trial)
  const found = knownFailures.find(({ pattern }) => pattern.test(words))
  const known = found?.remedy === cudaSetup && !hasDriver() ? withoutDriver : found
  if (known) {
    const [, part = ''] = known.pattern.exec(words) ?? []
    const here = known.elsewhere?.[platform]
    const remedy = here === undefined ? known.remedy : here
    return { reason: `${name} ${known.reason.replace('$1', part)}.`, remedy, isAbsent: known.isAbsent }
  }
  if (isOutOfMemory(words)) {
    return {
      reason: `${name} ran out of memory while it was checked.`,
      remedy: 'Close other programs that use the graphics card.',
    }
  }
  return { reason: `${name} ${endings[kind]} while it was checked: ${plainWords(words)}.`, remedy: null }
}

const endings: Readonly<Record<FailureKind, string>> = {
  failed: 'failed',
  crashed: 'crashed',
  hung: 'hung',
  stopped: 'was stopped',
}
