import { join } from 'node:path'
import { dataFolder } from './dataFolder'
import { findRuntime } from './installation'

/**
 * Where the CUDA provider lies, beside a copy of the runtime of the same release: the runtime looks for providers in its
 * own folder alone, and the program's folder is not written to. Engines find it there by LD_LIBRARY_PATH.
 */
export function providerFolder(): string {
  return join(dataFolder(), 'runtime', `onnxruntime-${findRuntime().version}`)
}
