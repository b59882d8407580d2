import { request } from '../base/api'
import { baseName } from '#core/format/baseName'
import { useExportOrigin, type ExportAnswer } from '../stores/exportOrigin'
import { openExport } from './project'

/**
 * Offers to open the project of a file or folder, if it is an export of this program.
 *
 * @returns the answer; unless it is `pictures`, nothing remains to be done. Null if the user was not asked
 */
export async function offerOrigin(path: string): Promise<ExportAnswer | null> {
  // If it cannot be read, importing it will say why.
  const found = await request('project.openExport', { path }).catch(() => null)
  if (!found) return null
  const stops = found.document.timeline.stops.length
  const offered = { name: baseName(path), stops, shown: found.shown, kind: found.kind }
  const answer = await useExportOrigin().offer(offered)
  if (answer === 'project') await openExport(found, path)
  return answer
}
