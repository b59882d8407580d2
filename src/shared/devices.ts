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

/** What a request really runs on. Decided by the process that starts engines, never by who asks. */
export const placement = z.object({
  asked: z.enum(deviceChoices),
  provider: z.enum(providers),
  /** Name of the card or processor; null where nobody tells. */
  device: z.string().nullable(),
  /** In how many parts each batch is evaluated: 2 after the device failed on a whole one. */
  parts: z.int().min(1).max(2),
  /** Why it is not what was asked for, in one sentence or several; null when it is. */
  reason: z.string().nullable(),
})
export type Placement = z.infer<typeof placement>

/** What is known of one device of this machine. */
export interface DeviceReport {
  provider: Provider
  /** Name of the card or processor; null where nobody tells. */
  device: string | null
  memoryBytes: number | null
  precision: 'fp32'
  /** Whether it ran a known evaluation and agreed with the CPU. */
  proved: boolean
  /** Largest difference from the CPU's answer, whose standard deviation is of the order of 1. */
  deviation: number | null
  /** Of the known evaluation: a batch of 4 through a small U-Net. */
  milliseconds: number | null
  /** Of the same on the CPU, in the same process. */
  cpuMilliseconds: number | null
  /** Why it does not count; null when it does. */
  reason: string | null
  /** What mends it: a command, or an instruction. */
  remedy: string | null
}
