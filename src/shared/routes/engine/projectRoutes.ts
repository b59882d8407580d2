import { z } from 'zod'
import { uncheckedDocument } from '../../document'
import type { DocumentFound, ExportOrigin, ProjectOpened, ProjectSaved, ProjectVerified } from '../../project'
import { modelSource } from '../../modelSource'
import { route } from '../route'

/** Folder of the sample pictures of this installation: those of an earlier one are found there. */
const resources = z.string().min(1).optional()

/** Project files: reading, writing, finding and verifying. */
export const projectRoutes = {
  /**
   * Opens a project file and caches the results that it contains. Pictures found nowhere else are unpacked
   * into `unpackTo`.
   */
  'project.read': route<ProjectOpened>()(
    z.object({
      path: z.string().min(1),
      unpackTo: z.string().min(1),
      /** Folders that the user has opened files from: see `withoutForeignShares`. */
      knownFolders: z.array(z.string().min(1)).default([]),
      resources,
    }),
  ),
  /** Writes a project file with all results that are cached for it; computes nothing. */
  'project.write': route<ProjectSaved>()(
    z.object({
      document: uncheckedDocument,
      /** Null while the document's model is missing. */
      model: modelSource.nullable(),
      path: z.string().min(1),
      overwrite: z.boolean().default(false),
      /** The project that the document was opened from. */
      from: z.string().min(1).nullable().default(null),
      /** Whether to include all pictures, whatever the document says. */
      collect: z.boolean().default(false),
      /** Version of the program. */
      app: z.string().default(''),
    }),
  ),
  /**
   * Reconstructs the project that an export came from, as far as the export records it: settings, film, and
   * sources, which are searched for by content around the export and in other folders. Returns null for a
   * file without such a record.
   */
  'project.ofExport': route<ExportOrigin | null>()(
    z.object({ path: z.string().min(1), others: z.array(z.string().min(1)).default([]) }),
  ),
  /** Encodes the pictures of a project again and compares them with its saved latents. */
  'project.verify': route<ProjectVerified>()(
    z.object({ path: z.string().min(1), unpackTo: z.string().min(1), model: modelSource }),
  ),
  /** Searches for the files of a document: next to its project, and in other folders by name and content. */
  'project.find': route<DocumentFound>()(
    z.object({
      document: uncheckedDocument,
      folder: z.string().min(1).nullable().default(null),
      others: z.array(z.string().min(1)).default([]),
      resources,
      /** Whether nothing large is read: a renamed latent file is then not found. */
      quick: z.boolean().optional(),
    }),
  ),
} as const
