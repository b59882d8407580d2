import { z } from 'zod'
import { route } from '../route'

/** What a new file or folder would replace; an empty folder counts as nothing. */
export type ExistingOutput = 'file' | 'folder'

/** Files that the window writes itself. */
export const outputRoutes = {
  /** What is already at the path of an export; null if nothing is. */
  'output.existing': route<ExistingOutput | null>()(z.object({ path: z.string().min(1) })),
  /**
   * Opens a file that the window writes itself (video from WebCodecs). It appears complete under its name, or
   * not at all. Like every route that writes for the window, this one accepts only paths that the user has
   * chosen since the app started.
   */
  'output.open': route<{ id: string }>()(z.object({ path: z.string().min(1), overwrite: z.boolean() })),
  'output.write': route<null>()(
    z.object({ id: z.string(), position: z.int().min(0), bytes: z.instanceof(Uint8Array) }),
  ),
  'output.close': route<{ bytes: number }>()(z.object({ id: z.string(), keep: z.boolean() })),
} as const
