import { request } from '../base/api'
import { baseName } from '#core/format/baseName'
import { useExportOrigin } from '../stores/exportOrigin'
import { openExport } from './project'

/**
 * Offers to open the project that a file or folder was exported from, where it is an export of this program.
 *
 * @returns whether that was all there is to do with it; otherwise it is to be imported
 */
export async function offerOrigin(path: string): Promise<boolean> {
  // Whatever keeps it from being read, importing it says.
  const found = await request('project.openExport', { path }).catch(() => null)
  if (!found) return false
  const { pictures, timeline } = found.document
  const stops = timeline.stops.length || pictures.length
  const answer = await useExportOrigin().offer({ name: baseName(path), stops, kind: found.kind })
  if (answer === 'project') await openExport(found, path)
  return answer !== 'pictures'
}
