import { join } from 'node:path'
import { dataFolder } from '#files/dataFolder'
import { findRuntime } from '#files/installation'

/**
 * Returns the folder of the CUDA provider, which also contains a copy of the same version of the runtime: the
 * runtime looks for providers only in its own folder, and the program's folder is never written to. Engines
 * find it through LD_LIBRARY_PATH.
 */
export function providerFolder(): string {
  return join(dataFolder(), 'runtime', `onnxruntime-${findRuntime().version}`)
}
