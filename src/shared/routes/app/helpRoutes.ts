import { z } from 'zod'
import { type About, type LatestRelease, longestDiagnostics, manualPages } from '../../help'
import { route } from '../route'

/** The items of the Help menu. */
export const helpRoutes = {
  'help.about': route<About>()(z.object({})),
  'help.showManual': route<null>()(z.object({ page: z.enum(manualPages) })),
  /** Opens the log folder. */
  'help.showLogs': route<null>()(z.object({})),
  /** A problem report as text: versions, devices, settings and log, without pictures and paths. */
  'help.diagnostics': route<string>()(z.object({})),
  /** Asks for a path and saves the report there as it was shown. Returns null if nothing was saved. */
  'help.saveDiagnostics': route<string | null>()(z.object({ text: z.string().max(longestDiagnostics) })),
  /** Asks npm's registry for the newest release. */
  'help.latestRelease': route<LatestRelease>()(z.object({})),
} as const
