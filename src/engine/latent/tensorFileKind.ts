import type { TensorFileKind } from '#shared/fileKinds'
import { readSafetensorsHeader } from '../model/weights/safetensors'
import { readTorchEntries } from '../model/weights/torch/torchFile'
import { readLatentFile } from './latentFile'

/** Networks name their parameters after their layers: `down_blocks.0.conv.weight`. */
const parameterName = /(^|\.)(weight|bias)$/

/**
 * Distinguishes a latent from a network's weights, whose files have the same extensions. For weights, only
 * the names are read.
 *
 * @throws StudioError BAD_LATENT, NOT_FOUND or UNREADABLE if the file contains neither
 */
export async function tensorFileKind(path: string): Promise<TensorFileKind> {
  const names = await tensorNames(path).catch(() => [])
  if (names.some((name) => parameterName.test(name))) return 'weights'
  await readLatentFile(path)
  return 'latent'
}

async function tensorNames(path: string): Promise<string[]> {
  const entries = await readSafetensorsHeader(path, 'BAD_LATENT').then(
    ({ tensors }) => tensors,
    () => readTorchEntries(path),
  )
  return [...entries.keys()]
}
