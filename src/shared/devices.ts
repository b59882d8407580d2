import { z } from 'zod'

/**
 * How exactly a network is evaluated: all in float32; products rounded to the 10 bits of NVIDIA's TF32; or weights and
 * activations in float16. What solvers keep between evaluations is float32 always.
 */
export const precisions = ['fp32', 'tf32', 'fp16'] as const
export type Precision = (typeof precisions)[number]

/** How people know them. */
export const precisionNames: Readonly<Record<Precision, string>> = {
  fp32: 'fp32',
  tf32: 'TF32',
  fp16: 'fp16',
}

/** All that the product knows of one way to evaluate a network. */
export interface DeviceRow {
  /** How people know it. */
  readonly name: string
  /** What onnxruntime calls it. */
  readonly runtimeName: string
  /** Precisions that it may have. */
  readonly precisions: readonly Precision[]
  /** Platforms (`linux`, or `linux/x64` for one architecture) whose runtime has it; null for all. */
  readonly platforms: readonly string[] | null
}

const rows = {
  // The CPU has no arithmetic of half precision to be faster by.
  cpu: { name: 'CPU', runtimeName: 'cpu', precisions: ['fp32'], platforms: null },
  cuda: { name: 'CUDA', runtimeName: 'cuda', precisions, platforms: ['linux/x64'] },
  directml: { name: 'DirectML', runtimeName: 'dml', precisions: ['fp32', 'fp16'], platforms: ['win32'] },
  coreml: { name: 'Core ML', runtimeName: 'coreml', precisions: ['fp32', 'fp16'], platforms: ['darwin'] },
  webgpu: {
    name: 'WebGPU',
    runtimeName: 'webgpu',
    precisions: ['fp32', 'fp16'],
    platforms: ['linux/x64', 'win32', 'darwin'],
  },
  // A server that speaks KServe's protocol: no device of this machine, so none is looked for.
  server: { name: 'Server', runtimeName: '', precisions: ['fp32', 'fp16'], platforms: [] },
} as const satisfies Readonly<Record<string, DeviceRow>>

/** What a network can run on. */
export type Provider = keyof typeof rows

/** The processor, and the ways of onnxruntime to a graphics card, the more promising first. */
export const devices: Readonly<Record<Provider, DeviceRow>> = rows
export const providers = Object.keys(rows) as [Provider, ...Provider[]]

/** Ways to a graphics card that may work on a platform, the more promising first. The CPU works everywhere. */
export function candidateProviders(platform: string, arch: string): readonly Provider[] {
  return providers.filter((provider) => {
    return devices[provider].platforms?.some((at) => at === platform || at === `${platform}/${arch}`)
  })
}

/** What a person may ask for: `auto` takes the fastest device that has proved itself. */
export const deviceChoices = ['auto', ...providers.filter((provider) => provider !== 'server')] as [
  DeviceChoice,
  ...DeviceChoice[],
]
export type DeviceChoice = 'auto' | Provider

/** What a request really runs on. Decided by the process that starts engines, never by who asks. */
export const placement = z.object({
  asked: z.enum(['auto', ...providers]),
  askedPrecision: z.enum(precisions),
  provider: z.enum(providers),
  precision: z.enum(precisions),
  /** Name of the card or processor; null where nobody tells. */
  device: z.string().nullable(),
  /** In how many parts each batch is evaluated: 2 after the device failed on a whole one. */
  parts: z.int().min(1).max(2),
  /** What the device takes at once, as its probe found; left out for the CPU. */
  capacity: z
    .object({
      /** Pictures at a time that make good use of it. */
      batch: z.int().min(1),
      memoryBytes: z.number().nullable(),
    })
    .optional(),
  /** Why it is not what was asked for, in one sentence or several; null when it is. */
  reason: z.string().nullable(),
})
export type Placement = z.infer<typeof placement>

/**
 * How far a device may be from the CPU's float32 on the known network, whose answers have a standard deviation of about
 * 0.5. Rounding in another order makes 1e-6. TF32 and float16 keep 10 bits: PyTorch's float16 is up to 6e-3 off on the
 * golden and the bundled networks, the float16 graph on the CPU 4e-3 on this one. A wrong layer makes 1e-1.
 */
export const tolerances: Readonly<Record<Precision, number>> = { fp32: 1e-4, tf32: 1e-2, fp16: 1e-2 }

/**
 * How far the latent that a picture encodes to may be from the one that another machine or device makes of it, in its
 * standard deviations, at the less exact of their precisions. On the same machine and device it is the same to the bit.
 */
export const latentTolerances: Readonly<Record<Precision, number>> = { fp32: 1e-3, tf32: 5e-2, fp16: 5e-2 }

/** Whether something else computes than was asked for by name, or less or more exactly. */
export function isReplaced({
  asked,
  provider,
  askedPrecision,
  precision,
  parts,
}: Pick<Placement, 'asked' | 'provider' | 'askedPrecision' | 'precision' | 'parts'>): boolean {
  return (asked !== 'auto' && asked !== provider) || askedPrecision !== precision || parts > 1
}

/** What is known of one device of this machine at one precision. */
export interface DeviceReport {
  provider: Provider
  /** Name of the card or processor; null where nobody tells. */
  device: string | null
  memoryBytes: number | null
  precision: Precision
  /** Whether it ran a known evaluation and agreed with the CPU. */
  proved: boolean
  /** Largest difference from the CPU's answer, whose standard deviation is of the order of 1. */
  deviation: number | null
  /** Of the known evaluation: a batch through a small U-Net. */
  milliseconds: number | null
  /** Of the same on the CPU, in the same process. */
  cpuMilliseconds: number | null
  /** Pictures at a time that make good use of it. */
  batch: number | null
  /** Why it does not count; null when it does. */
  reason: string | null
  /** What mends it: a command, or an instruction. */
  remedy: string | null
}

/** The command that fetches the CUDA provider, which is the remedy where it is missing. */
export const cudaSetup = 'slerp-studio setup-cuda'
