import { z } from 'zod'

/**
 * How precisely a network is evaluated: everything in float32; products rounded to the 10-bit mantissa of
 * NVIDIA's TF32; or weights and activations in float16. The state that solvers keep between evaluations is
 * always float32.
 */
export const precisions = ['fp32', 'tf32', 'fp16'] as const
export type Precision = (typeof precisions)[number]

/** Display names. */
export const precisionNames: Readonly<Record<Precision, string>> = {
  fp32: 'fp32',
  tf32: 'TF32',
  fp16: 'fp16',
}

/** Everything the product knows about one way to evaluate a network. */
export interface DeviceRow {
  /** Display name. */
  readonly name: string
  /** What `device` of a placement names: the noun before the device's own name. */
  readonly noun: string
  /** Name of the execution provider in onnxruntime. */
  readonly runtimeName: string
  /** Precisions that it may support. */
  readonly precisions: readonly Precision[]
  /** Platforms (`linux`, or `linux/x64` for one architecture) whose runtime includes it; null for all. */
  readonly platforms: readonly string[] | null
}

const card = 'Graphics card'

const rows = {
  // The CPU has no half-precision arithmetic that would make it faster.
  cpu: { name: 'CPU', noun: 'Processor', runtimeName: 'cpu', precisions: ['fp32'], platforms: null },
  cuda: { name: 'CUDA', noun: card, runtimeName: 'cuda', precisions, platforms: ['linux/x64'] },
  directml: {
    name: 'DirectML',
    noun: card,
    runtimeName: 'dml',
    precisions: ['fp32', 'fp16'],
    platforms: ['win32'],
  },
  coreml: {
    name: 'Core ML',
    noun: card,
    runtimeName: 'coreml',
    precisions: ['fp32', 'fp16'],
    platforms: ['darwin'],
  },
  webgpu: {
    name: 'WebGPU',
    noun: card,
    runtimeName: 'webgpu',
    precisions: ['fp32', 'fp16'],
    platforms: ['linux/x64', 'win32', 'darwin'],
  },
  // A server that speaks KServe's protocol. It is not a device of this machine, so it is never probed for.
  server: {
    name: 'Server',
    noun: 'Server',
    runtimeName: '',
    precisions: ['fp32', 'fp16'],
    platforms: [],
  },
} as const satisfies Readonly<Record<string, DeviceRow>>

/** What a network can run on. */
export type Provider = keyof typeof rows

/** Everything a network can run on: the CPU, GPU providers, the most promising first, and a server. */
export const devices: Readonly<Record<Provider, DeviceRow>> = rows
/** The ids of {@link devices}, in the same order. */
export const providers = Object.keys(rows) as [Provider, ...Provider[]]

/** Returns the GPU providers that may work on a platform, most promising first. The CPU works everywhere. */
export function candidateProviders(platform: string, arch: string): readonly Provider[] {
  return providers.filter((provider) => {
    return devices[provider].platforms?.some((at) => at === platform || at === `${platform}/${arch}`)
  })
}

/** What the user may ask for; `auto` takes the fastest device that has passed its check. */
export const deviceChoices = ['auto', ...providers.filter((provider) => provider !== 'server')] as [
  DeviceChoice,
  ...DeviceChoice[],
]
export type DeviceChoice = 'auto' | Provider

/** What a request actually runs on. Decided by the process that starts engines, never by the caller. */
export const placement = z.object({
  asked: z.enum(['auto', ...providers]),
  askedPrecision: z.enum(precisions),
  provider: z.enum(providers),
  precision: z.enum(precisions),
  /** Name of the card or processor, or address of the server; null if unknown. */
  device: z.string().nullable(),
  /** The number of parts that each batch is split into: 2 after the device failed on a whole batch. */
  parts: z.int().min(1).max(2),
  /** What the device can take at once, as its probe found; left out for the CPU. */
  capacity: z
    .object({
      /** The number of pictures evaluated together that makes good use of the device. */
      batch: z.int().min(1),
      memoryBytes: z.number().nullable(),
    })
    .optional(),
  /** Why this differs from what was asked for, in one or more sentences; null if it does not. */
  reason: z.string().nullable(),
})
export type Placement = z.infer<typeof placement>

/**
 * Largest allowed difference between a device and the CPU's float32 on the probe's network, whose outputs
 * have a standard deviation of about 0.5. Rounding in another order gives 1e-6. TF32 and float16 keep 10
 * bits: PyTorch's float16 is up to 6e-3 off on the golden and the bundled networks, and the float16 graph on
 * the CPU is 4e-3 off on this one. A wrong layer gives 1e-1.
 */
export const tolerances: Readonly<Record<Precision, number>> = { fp32: 1e-4, tf32: 1e-2, fp16: 1e-2 }

/**
 * Largest allowed difference between the latent of a picture and the same latent from another machine or
 * device, in standard deviations of the latent, at the less exact of the two precisions. On the same machine
 * and device the two are identical to the bit.
 */
export const latentTolerances: Readonly<Record<Precision, number>> = { fp32: 1e-3, tf32: 5e-2, fp16: 5e-2 }

/** Whether it runs on another device than was asked for by name, at another precision, or in parts. */
export function isReplaced({
  asked,
  provider,
  askedPrecision,
  precision,
  parts,
}: Pick<Placement, 'asked' | 'provider' | 'askedPrecision' | 'precision' | 'parts'>): boolean {
  return (asked !== 'auto' && asked !== provider) || askedPrecision !== precision || parts > 1
}

/** What is known about one device of this machine at one precision. */
export interface DeviceReport {
  provider: Provider
  /** Name of the card or processor; null if unknown. */
  device: string | null
  memoryBytes: number | null
  precision: Precision
  /** Whether it ran the probe's evaluation and agreed with the CPU. */
  proved: boolean
  /** Largest difference from the CPU's output, whose standard deviation is of the order of 1. */
  deviation: number | null
  /** Time of the probe's evaluation: one batch through a small U-Net. */
  milliseconds: number | null
  /** Time of the same evaluation on the CPU, in the same process. */
  cpuMilliseconds: number | null
  /** The number of pictures evaluated together that makes good use of the device. */
  batch: number | null
  /** Why the device is not used; null if it passed. */
  reason: string | null
  /** How to fix that: a command, or an instruction. */
  remedy: string | null
  /** Whether it is not used because this machine has no such card, or no driver or provider for it. */
  isAbsent: boolean
}

/** The command that downloads the CUDA provider: the remedy if it is missing. */
export const cudaSetup = 'slerp-studio setup-cuda'
