/** The endings that the window tells kinds of files by. */
import { exportFormatRows } from './exportFormats'

/** Of project files, without the dot. */
export const projectEnding = 'slerp'
/** Of files that hold latents. */
export const latentExtensions = ['safetensors', 'npy', 'npz', 'pt', 'pth']

/** Of files that stand for a model: an exported graph, or weights beside their config.json. */
export const modelExtensions = ['onnx', 'safetensors', 'bin', 'pt', 'pth', 'ckpt']

/** Of the videos that exports are. */
export const videoExtensions: readonly string[] = exportFormatRows.flatMap(({ video, endings }) =>
  video ? [...endings] : [],
)

/** Whether a file's name says that it is a project. */
export function isProjectFile(path: string): boolean {
  return path.toLowerCase().endsWith(`.${projectEnding}`)
}

/** Whether a file's name says that it holds a latent. */
export function isLatentFile(path: string): boolean {
  return hasEnding(path, latentExtensions)
}

/** Whether a file's name says that it may stand for a model. */
export function isModelFile(path: string): boolean {
  return hasEnding(path, modelExtensions)
}

/** What a file of tensors turns out to hold. */
export type TensorFileKind = 'latent' | 'weights'

/** Whether a file's name says that it holds tensors: only a look inside tells of which kind. */
export function mayHoldTensors(path: string): boolean {
  return isLatentFile(path) || (isModelFile(path) && !hasEnding(path, ['onnx']))
}

function hasEnding(path: string, endings: readonly string[]): boolean {
  return endings.some((ending) => path.toLowerCase().endsWith(`.${ending}`))
}
