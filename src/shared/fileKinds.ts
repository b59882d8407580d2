/** The names by which kinds of files and folders are recognised. */
import { exportFormatRows } from './exportFormats'

/** Extension of project files, without the dot. */
export const projectEnding = 'slerp'
/** Extensions of the pictures that can be opened, of other programs and of exports. */
export const pictureExtensions: readonly string[] = [
  ...new Set([
    ...['png', 'jpg', 'jpeg', 'jpe', 'jfif', 'webp', 'gif', 'avif', 'avifs'],
    ...['heic', 'heics', 'heif', 'heifs', 'hif', 'tif', 'tiff'],
    ...exportFormatRows.flatMap(({ video, endings }) => (video ? [] : [...endings])),
  ]),
]
/** The largest file of a picture, in bytes. */
export const largestPictureFile = 100_000_000

/** Extensions of files that hold latents. */
export const latentExtensions = ['safetensors', 'npy', 'npz', 'pt', 'pth']
/** The same as text: ".safetensors, .npy, …". */
export const latentEndings = latentExtensions.map((extension) => `.${extension}`).join(', ')

/** Extensions of files that may be a model: an exported graph, or weights next to their config.json. */
export const modelExtensions = ['onnx', 'safetensors', 'bin', 'pt', 'pth', 'ckpt']

/** Subfolders of a pipeline that hold its network, by preference. Training stores averaged weights apart. */
export const networkFolders = ['unet', 'unet_ema', 'transformer']

/** Whether a name in a folder shows that the folder is a model of its own. */
export function isPartOfModel(name: string): boolean {
  return (
    networkFolders.includes(name) ||
    name === 'config.json' ||
    name === 'model_index.json' ||
    isGraphFile(name)
  )
}

/** Extensions of exported videos. */
export const videoExtensions: readonly string[] = exportFormatRows.flatMap(({ video, endings }) =>
  video ? [...endings] : [],
)

/** Whether a file's name marks it as a project. */
export function isProjectFile(path: string): boolean {
  return path.toLowerCase().endsWith(`.${projectEnding}`)
}

/** Whether a file's name marks it as a picture that can be opened. */
export function isPictureFile(path: string): boolean {
  return hasEnding(path, pictureExtensions)
}

/** Whether a file's name marks it as a latent. */
export function isLatentFile(path: string): boolean {
  return hasEnding(path, latentExtensions)
}

/** Whether a file's name marks it as a possible model. */
export function isModelFile(path: string): boolean {
  return hasEnding(path, modelExtensions)
}

/** Whether a file's name marks it as an exported graph. */
export function isGraphFile(path: string): boolean {
  return hasEnding(path, ['onnx'])
}

/** What a tensor file contains. */
export type TensorFileKind = 'latent' | 'weights'

/** Whether a file's name marks it as a tensor file; only its contents tell which kind. */
export function mayHoldTensors(path: string): boolean {
  return isLatentFile(path) || (isModelFile(path) && !isGraphFile(path))
}

function hasEnding(path: string, endings: readonly string[]): boolean {
  return endings.some((ending) => path.toLowerCase().endsWith(`.${ending}`))
}
