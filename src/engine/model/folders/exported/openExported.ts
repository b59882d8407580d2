import { realpath } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { ModelInfo } from '#shared/reports'
import { readWholeFile } from '#files/fileAccess'
import { explained } from '#files/fileErrors'
import type { OnnxSession } from '../../network/onnx'
import type { OpenGraph } from '../../network/optimizedGraphs'
import { longestGraph } from './graphFile'

/**
 * Opens a graph that another program wrote.
 *
 * @param change  what becomes of its bytes before
 */
export async function openExported(
  file: string,
  change: (bytes: Uint8Array) => Uint8Array,
  { info, openGraph }: { readonly info: ModelInfo; readonly openGraph: OpenGraph },
): Promise<OnnxSession> {
  const bytes = change(await readWholeFile(file, longestGraph))
  // Of a link, the weights lie beside the file it leads to.
  const real = await explained(file, 'read', () => realpath(file))
  return openGraph(bytes, { externalFolder: dirname(real) }, info)
}
