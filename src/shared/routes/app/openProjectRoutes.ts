import { z } from 'zod'
import { projectShown } from '../../app'
import { uncheckedDocument } from '../../document'
import type { ExportOrigin, ProjectOpened, ProjectSaved } from '../../project'
import { modelSource } from '../../modelSource'
import { route } from '../route'

/** The project that the window has open. */
export const openProjectRoutes = {
  /**
   * Opens a project for this window, which may then save over it. One that another program has open is opened
   * as a copy.
   */
  'project.open': route<ProjectOpened & { heldBy: string | null }>()(z.object({ path: z.string().min(1) })),
  /** Like `project.ofExport`, but also searches the folders of recent pictures and of the samples. */
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
  /** Sets what the window's title and menu show of the project. `path` is null if it was never saved. */
  'project.show': route<null>()(projectShown),
} as const
