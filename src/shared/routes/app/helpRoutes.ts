import { z } from 'zod'
import { type About, type LatestRelease, longestDiagnostics, manualPages } from '../../help'
import { route } from '../route'

/** What the Help menu offers. */
export const helpRoutes = {
  'help.about': route<About>()(z.object({})),
  'help.showManual': route<null>()(z.object({ page: z.enum(manualPages) })),
  /** Opens the folder of the logs. */
  'help.showLogs': route<null>()(z.object({})),
  /** A report of a problem, as text: versions, devices, settings and log, without pictures and paths. */
  'help.diagnostics': route<string>()(z.object({})),
  /** Asks where to, and saves the report as it was shown. Null when nothing was saved. */
  'help.saveDiagnostics': route<string | null>()(z.object({ text: z.string().max(longestDiagnostics) })),
  /** Asks npm's registry for the newest release. */
  'help.latestRelease': route<LatestRelease>()(z.object({})),
} as const
