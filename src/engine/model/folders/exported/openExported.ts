import { fromBinary, toBinary } from '@bufbuild/protobuf'
import { basename, dirname } from 'node:path'
import type { ModelInfo } from '#shared/reports'
import { readWholeFile } from '#files/fileAccess'
import { ModelProtoSchema } from '../../graph/onnx_pb'
import type { OnnxSession } from '../../network/onnx'
import type { OpenGraph } from '../../network/optimizedGraphs'
import { locationsOf, longestGraph, realPathsOf } from './graphFile'

/**
 * Opens a graph that another program exported.
 *
 * @param change  applied to its bytes first
 * @throws StudioError NOT_FOUND, UNREADABLE; BAD_MODEL for weights outside its folder
 */
export async function openExported(
  file: string,
  change: (bytes: Uint8Array) => Uint8Array,
  { info, openGraph }: { readonly info: ModelInfo; readonly openGraph: OpenGraph },
): Promise<OnnxSession> {
  const { graph, externalFolder } = await withRealFiles(change(await readWholeFile(file, longestGraph)), file)
  return openGraph(graph, { externalFolder }, info)
}

/** A graph, and the folder of the files that hold its constants, if there are any. */
interface LocatedGraph {
  readonly graph: Uint8Array
  readonly externalFolder?: string
}

/**
 * Replaces the names of the files of constants with those of the files that they link to, because the runtime
 * refuses links, of which a Hugging Face cache consists.
 *
 * @param bytes  of the whole graph
 * @param file  where it was read, and its constants are found
 */
async function withRealFiles(bytes: Uint8Array, file: string): Promise<LocatedGraph> {
  const model = fromBinary(ModelProtoSchema, bytes)
  const locations = locationsOf(model.graph!)
  if (locations.length === 0) return { graph: bytes }
  const real = await realPathsOf(locations, file)
  for (const location of locations) location.value = basename(real.get(location.value)!)
  const [path] = real.values()
  return { graph: toBinary(ModelProtoSchema, model), externalFolder: dirname(path) }
}
