import { z } from 'zod'
import type { Failure } from '../../errors'
import type { PictureInfo } from '../../reports'
import { route } from '../route'

/** Paths of one import; more are imported in parts. */
export const mostPaths = 1000

/** Pictures taken in, and why the others were not. */
export interface ImportReport {
  pictures: PictureInfo[]
  failures: { path: string; error: Failure }[]
}

/** Pictures that are taken into the library. */
export const libraryRoutes = {
  /**
   * Files, and the pictures directly inside folders. What is no usable picture comes back as a failure beside the rest.
   * `remember` puts files among the recent ones of the menu.
   */
  'library.import': route<ImportReport>()(
    z.object({
      paths: z.array(z.string().min(1)).min(1).max(mostPaths),
      remember: z.boolean().default(true),
    }),
  ),
  /** A pasted picture: kept as a file of the app's own. */
  'library.paste': route<PictureInfo>()(z.object({ name: z.string(), bytes: z.instanceof(Uint8Array) })),
} as const
