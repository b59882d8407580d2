import { request } from '../base/api'
import { baseName } from '#core/format/baseName'
import { useExportOrigin } from '../stores/exportOrigin'
import { openExport } from './project'

/**
 * Offers to open the project of a file or folder, if it is an export of this program.
 *
 * @returns whether nothing remains to be done; otherwise the file is to be imported
 */
export async function offerOrigin(path: string): Promise<boolean> {
  // If it cannot be read, importing it will say why.
  const found = await request('project.openExport', { path }).catch(() => null)
  if (!found) return false
  const stops = found.document.timeline.stops.length
  const offered = { name: baseName(path), stops, shown: found.shown, kind: found.kind }
  const answer = await useExportOrigin().offer(offered)
  if (answer === 'project') await openExport(found, path)
  return answer !== 'pictures'
}
