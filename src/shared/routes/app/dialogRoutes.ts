import { z } from 'zod'
import { exportFormats } from '../../exportFormats'
import { route } from '../route'
import { mostPaths } from './libraryRoutes'

/** The system's dialogs. They return paths: null, or an empty list, if the user cancelled. */
export const dialogRoutes = {
  'dialog.openPictures': route<string[]>()(z.object({ folders: z.boolean().default(false) })),
  /** A model's folder, or one of its files. */
  'dialog.openModel': route<string | null>()(z.object({ file: z.boolean().default(false) })),
  'dialog.saveExport': route<string | null>()(z.object({ format: z.enum(exportFormats), name: z.string() })),
  /** Where to save a chart, as SVG. */
  'dialog.saveChart': route<string | null>()(z.object({ name: z.string() })),
  /** Where to create the folder of a new study. */
  'dialog.saveStudy': route<string | null>()(z.object({ name: z.string() })),
  /** The folder of an earlier study; if it does hold a study, the app may then also resume it there. */
  'dialog.openStudy': route<string | null>()(z.object({})),
  'dialog.saveLatent': route<string | null>()(z.object({ name: z.string() })),
  /** A folder for several latents: returns the path of each in it, in order. */
  'dialog.saveLatents': route<string[] | null>()(
    z.object({ names: z.array(z.string()).min(1).max(mostPaths) }),
  ),
  /** The file of a certificate authority. */
  'dialog.openCertificate': route<string | null>()(z.object({})),
  'dialog.openProject': route<string | null>()(z.object({})),
  'dialog.saveProject': route<string | null>()(z.object({ name: z.string() })),
  /** The new location of a missing file. */
  'dialog.locate': route<string | null>()(z.object({ name: z.string() })),
  /** Asks whether to save changes before something replaces them. */
  'dialog.unsaved': route<'save' | 'discard' | 'cancel'>()(z.object({ name: z.string() })),
} as const
