import { z } from 'zod'

/** The request to the download process to set CUDA up. */
export const providerRequest = z.object({
  /** Folder of the native libraries of the runtime that the provider is for. */
  libraries: z.string().min(1),
  /** Version of the runtime. */
  version: z.string(),
  /** Target folder of the provider; created if needed, and replaced as a whole. */
  folder: z.string().min(1),
})
export type ProviderRequest = z.infer<typeof providerRequest>

/** What was installed: the files with their SHA-256, in hex. */
export interface ProviderReport {
  folder: string
  files: { name: string; sha256: string }[]
}
