import { z } from 'zod'
import type { Failure } from '../../errors'
import type { PictureInfo } from '../../reports'
import { route } from '../route'

/** The most paths in one import; more are imported in several requests. */
export const mostPaths = 1000

/** The pictures that were imported, and why the others were not. */
export interface ImportReport {
  pictures: PictureInfo[]
  failures: { path: string; error: Failure }[]
}

/** Imports of pictures into the library. */
export const libraryRoutes = {
  /**
   * Imports files, and the pictures directly inside folders. Whatever is not a usable picture is returned as
   * a failure alongside the rest. `remember` adds the files to the menu's recent ones.
   */
  'library.import': route<ImportReport>()(
    z.object({
      paths: z.array(z.string().min(1)).min(1).max(mostPaths),
      remember: z.boolean().default(true),
    }),
  ),
  /** Imports a pasted picture, which the app keeps as a file of its own. */
  'library.paste': route<PictureInfo>()(z.object({ name: z.string(), bytes: z.instanceof(Uint8Array) })),
} as const
