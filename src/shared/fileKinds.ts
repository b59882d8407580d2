/** The endings that the window tells kinds of files by. */
import { exportFormatRows } from './exportFormats'

/** Of project files, without the dot. */
export const projectEnding = 'slerp'
/** Of files that hold latents. */
export const latentExtensions = ['safetensors', 'npy', 'npz', 'pt', 'pth']

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
  return latentExtensions.some((ending) => path.toLowerCase().endsWith(`.${ending}`))
}
