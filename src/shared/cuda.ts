import { z } from 'zod'

/** What the download process is asked for to set CUDA up. */
export const providerRequest = z.object({
  /** Folder of the native libraries of the runtime that the provider belongs to. */
  libraries: z.string().min(1),
  /** Release of the runtime. */
  version: z.string(),
  /** Where the provider goes; made, and replaced as a whole. */
  folder: z.string().min(1),
})
export type ProviderRequest = z.infer<typeof providerRequest>

/** What was installed: the files with their SHA-256, hex. */
export interface ProviderReport {
  folder: string
  files: { name: string; sha256: string }[]
}
