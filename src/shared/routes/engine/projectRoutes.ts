import { z } from 'zod'
import { uncheckedDocument } from '../../document'
import type { DocumentFound, ExportOrigin, ProjectOpened, ProjectSaved, ProjectVerified } from '../../project'
import { modelSource } from '../../modelSource'
import { route } from '../route'

/** Project files: read, written, found and verified. */
export const projectRoutes = {
  /**
   * Opens a project file and puts what it holds where it is looked for. Pictures found nowhere else are written into
   * `unpackTo`.
   */
  'project.read': route<ProjectOpened>()(z.object({ path: z.string().min(1), unpackTo: z.string().min(1) })),
  /** Writes a project file with all that is kept of it; computes nothing. */
  'project.write': route<ProjectSaved>()(
    z.object({
      document: uncheckedDocument,
      /** Null while the document's model is missing. */
      model: modelSource.nullable(),
      path: z.string().min(1),
      overwrite: z.boolean().default(false),
      /** The project that the document was opened from. */
      from: z.string().min(1).nullable().default(null),
      /** Whether it holds all pictures, whatever the document says. */
      collect: z.boolean().default(false),
      /** Version of the program. */
      app: z.string().default(''),
    }),
  ),
  /**
   * The project that an export came from, as far as the export tells: settings, film, and its sources, looked for by
   * content around it and in other folders. Null for a file that tells nothing of this.
   */
  'project.ofExport': route<ExportOrigin | null>()(
    z.object({ path: z.string().min(1), others: z.array(z.string().min(1)).default([]) }),
  ),
  /** Encodes the pictures of a project again and compares them with the latents that it keeps. */
  'project.verify': route<ProjectVerified>()(
    z.object({ path: z.string().min(1), unpackTo: z.string().min(1), model: modelSource }),
  ),
  /** Looks for the files of a document: beside its project, and in other folders by name and content. */
  'project.find': route<DocumentFound>()(
    z.object({
      document: uncheckedDocument,
      folder: z.string().min(1).nullable().default(null),
      others: z.array(z.string().min(1)).default([]),
    }),
  ),
} as const
