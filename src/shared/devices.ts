import { z } from 'zod'

/** What a network can run on: the processor, and the ways of onnxruntime to a graphics card. */
export const providers = ['cpu', 'cuda', 'webgpu', 'directml', 'coreml'] as const
export type Provider = (typeof providers)[number]

/** How people know them. */
export const providerNames: Readonly<Record<Provider, string>> = {
  cpu: 'CPU',
  cuda: 'CUDA',
  webgpu: 'WebGPU',
  directml: 'DirectML',
  coreml: 'Core ML',
}

/** What a person may ask for: `auto` takes the fastest device that has proved itself. */
export const deviceChoices = ['auto', ...providers] as const
export type DeviceChoice = (typeof deviceChoices)[number]

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

/** Precisions that a provider may have. The CPU's is fp32: it has no arithmetic of half precision to be faster by. */
export function precisionsOf(provider: Provider): readonly Precision[] {
  if (provider === 'cpu') return ['fp32']
  return provider === 'cuda' ? precisions : ['fp32', 'fp16']
}

/** What a request really runs on. Decided by the process that starts engines, never by who asks. */
export const placement = z.object({
  asked: z.enum(deviceChoices),
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
