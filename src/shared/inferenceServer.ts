import { z } from 'zod'

/**
 * A server that evaluates a network through KServe's protocol, version 2 over REST: NVIDIA Triton and others.
 * The model folder is still needed here, for its schedule and to compare the server with the CPU.
 */
export const inferenceServer = z.object({
  url: z
    .url({ protocol: /^https?$/, error: 'the address of a server begins with http:// or https://' })
    .refine(holdsNoSecret, 'the address of a server ends with its path: put credentials in the header'),
  /** Name of the model on the server. */
  model: z.string().min(1).default('unet'),
  /** Version of the model; defaults to the newest. */
  version: z.string().min(1).optional(),
  /** Header sent with every request, "Name: value". */
  header: z
    .string()
    .regex(/^[\w-]+\s*:\s*[\x20-\x7e]+$/, 'a header is "Name: value"')
    .optional(),
  /** File with the certificate authority to trust, in PEM format. */
  ca: z.string().min(1).optional(),
  /** What to do when the server is unreachable: wait until it is back, or continue on the CPU. */
  fallback: z.enum(['wait', 'cpu']).default('wait'),
})
export type InferenceServer = z.infer<typeof inferenceServer>

/**
 * Returns whether an address, which messages and the provenance of every export show, has no user, password,
 * query or fragment. What is no address at all is left to the check before.
 */
function holdsNoSecret(address: string): boolean {
  if (!URL.canParse(address)) return true
  const { username, password } = new URL(address)
  return username === '' && password === '' && !/[?#]/.test(address)
}
