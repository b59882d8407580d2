import type { TensorFileKind } from '#shared/fileKinds'
import { readSafetensorsHeader } from '../model/weights/safetensors'
import { readTorchEntries } from '../model/weights/torch/torchFile'
import { readLatentFile } from './latentFile'

/** Networks name their parameters after their layers: `down_blocks.0.conv.weight`. */
const parameterName = /(^|\.)(weight|bias)$/

/**
 * Tells a latent from a network's weights: files of both have the same endings. Of weights no more than the names is read.
 *
 * @throws StudioError BAD_LATENT, NOT_FOUND or UNREADABLE where the file holds neither
 */
export async function tensorFileKind(path: string): Promise<TensorFileKind> {
  const names = await tensorNames(path).catch(() => [])
  if (names.some((name) => parameterName.test(name))) return 'weights'
  await readLatentFile(path, 0)
  return 'latent'
}

async function tensorNames(path: string): Promise<string[]> {
  const entries = await readSafetensorsHeader(path, 'BAD_LATENT').then(
    ({ tensors }) => tensors,
    () => readTorchEntries(path),
  )
  return [...entries.keys()]
}
