import { z } from 'zod'
import { exportFormats } from '../../exportFormats'
import { route } from '../route'
import { mostPaths } from './libraryRoutes'

/** The system's dialogs. Paths come back, null or none of them where somebody cancelled. */
export const dialogRoutes = {
  'dialog.openPictures': route<string[]>()(z.object({ folders: z.boolean().default(false) })),
  /** A model's folder, or a file of it. */
  'dialog.openModel': route<string | null>()(z.object({ file: z.boolean().default(false) })),
  'dialog.saveExport': route<string | null>()(z.object({ format: z.enum(exportFormats), name: z.string() })),
  /** Where a chart goes, as SVG. */
  'dialog.saveChart': route<string | null>()(z.object({ name: z.string() })),
  /** Where a new study goes: a folder that is made there. */
  'dialog.saveStudy': route<string | null>()(z.object({ name: z.string() })),
  /** The folder of an earlier study; one that holds a study may then be gone on with, too. */
  'dialog.openStudy': route<string | null>()(z.object({})),
  'dialog.saveLatent': route<string | null>()(z.object({ name: z.string() })),
  /** A folder for several latents: the path of each there, in order. */
  'dialog.saveLatents': route<string[] | null>()(
    z.object({ names: z.array(z.string()).min(1).max(mostPaths) }),
  ),
  'dialog.openProject': route<string | null>()(z.object({})),
  'dialog.saveProject': route<string | null>()(z.object({ name: z.string() })),
  /** Where a missing file is now. */
  'dialog.locate': route<string | null>()(z.object({ name: z.string() })),
  /** Whether to save changes before something takes their place. */
  'dialog.unsaved': route<'save' | 'discard' | 'cancel'>()(z.object({ name: z.string() })),
} as const
