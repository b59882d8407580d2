import { realpath } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { ModelInfo } from '#shared/reports'
import { readWholeFile } from '#files/fileAccess'
import { explained } from '#files/fileErrors'
import type { OnnxSession } from '../../network/onnx'
import type { OpenGraph } from '../../network/optimizedGraphs'
import { longestGraph } from './graphFile'

/**
 * Opens a graph that another program exported.
 *
 * @param change  applied to its bytes first
 */
export async function openExported(
  file: string,
  change: (bytes: Uint8Array) => Uint8Array,
  { info, openGraph }: { readonly info: ModelInfo; readonly openGraph: OpenGraph },
): Promise<OnnxSession> {
  const bytes = change(await readWholeFile(file, longestGraph))
  // If the file is a link, the weights are next to its target.
  const real = await explained(file, 'read', () => realpath(file))
  return openGraph(bytes, { externalFolder: dirname(real) }, info)
}
