import { buffer } from 'node:stream/consumers'
import { fromBufferPromise } from 'yauzl'
import { NpyError } from './npy'

const mostArrays = 64
const ending = '.npy'

/**
 * Reads the arrays of a NumPy archive (`np.savez`, `np.savez_compressed`) by name; returns none for any other
 * kind of zip file. Arrays that are not floating-point are skipped if there are others.
 *
 * @param mostBytes  limit on the total size of all arrays
 * @param decode  reads one of them, as `decodeNpy` does
 * @throws NpyError; any other error if the archive is damaged
 */
export async function decodeNpz<Values>(
  bytes: Buffer,
  mostBytes: number,
  decode: (bytes: Buffer) => Values,
): Promise<Map<string, Values>> {
  const archive = await fromBufferPromise(bytes)
  const arrays = new Map<string, Values>()
  const refusals: unknown[] = []
  let left = mostBytes
  for await (const entry of archive.eachEntry()) {
    if (!entry.fileName.endsWith(ending)) continue
    left -= entry.uncompressedSize
    if (left < 0 || arrays.size + refusals.length === mostArrays)
      throw new NpyError('holds far more than a latent')
    const npy = await buffer(await archive.openReadStreamPromise(entry))
    try {
      arrays.set(entry.fileName.slice(0, -ending.length), decode(npy))
    } catch (refusal) {
      refusals.push(refusal)
    }
  }
  if (arrays.size === 0 && refusals.length > 0) throw refusals[0]
  return arrays
}
