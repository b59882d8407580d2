import { z } from 'zod'
import { projectShown } from '../../app'
import { uncheckedDocument } from '../../document'
import type { ExportOrigin, ProjectOpened, ProjectSaved } from '../../project'
import { modelSource } from '../../modelSource'
import { route } from '../route'

/** The project that the window has open. */
export const openProjectRoutes = {
  /** Opens a project for this window, which then may be saved over. One that another program has open comes as a copy. */
  'project.open': route<ProjectOpened & { heldBy: string | null }>()(z.object({ path: z.string().min(1) })),
  /** As `project.ofExport`, with the folders of recent pictures and of the samples among those that are looked through. */
  'project.openExport': route<ExportOrigin | null>()(z.object({ path: z.string().min(1) })),
  'project.save': route<ProjectSaved>()(
    z.object({
      document: uncheckedDocument,
      model: modelSource.nullable(),
      path: z.string().min(1),
      overwrite: z.boolean(),
      from: z.string().min(1).nullable(),
      collect: z.boolean(),
    }),
  ),
  /** What the window's title and menu say of the project. `path` is null for one that was never saved. */
  'project.show': route<null>()(projectShown),
} as const
