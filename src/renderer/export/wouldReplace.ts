import { request } from '../base/api'
import type { ExportRequest } from './exportRequest'

/**
 * Whether an export would replace a file or folder on the disk, as far as that can be told. What it cannot replace,
 * such as a folder in the place of its file, is reported once it runs.
 */
export async function wouldReplace({ path, choice }: ExportRequest): Promise<boolean> {
  const kind = choice.format.endings.length === 0 ? 'folder' : 'file'
  return (await request('output.existing', { path }).catch(() => null)) === kind
}
