import { z } from 'zod'

/**
 * A server that evaluates a network by KServe's protocol, version 2 over REST: NVIDIA Triton and others. The folder of the model is still
 * wanted here, for its schedule and to compare the server with the CPU.
 */
export const inferenceServer = z.object({
  url: z.url({ protocol: /^https?$/, error: 'the address of a server begins with http:// or https://' }),
  /** What the server calls the model. */
  model: z.string().min(1).default('unet'),
  /** The newest when left out. */
  version: z.string().min(1).optional(),
  /** Sent with every request, "Name: value". */
  header: z
    .string()
    .regex(/^[\w-]+\s*:\s*[\x20-\x7e]+$/, 'a header is "Name: value"')
    .optional(),
  /** File of the certificate authority to trust, PEM. */
  ca: z.string().min(1).optional(),
  /** What to do when the server is gone: wait until it is back, or go on with the CPU. */
  fallback: z.enum(['wait', 'cpu']).default('wait'),
})
export type InferenceServer = z.infer<typeof inferenceServer>
