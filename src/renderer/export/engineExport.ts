import { repeatIn } from '#shared/exportFormats'
import type { Progress } from '#shared/progress'
import { request } from '../base/api'
import type { ExportRequest } from './exportRequest'

/**
 * Exports in a format that the engine writes.
 *
 * @returns the file's size in bytes
 */
export async function runEngineExport(
  wanted: ExportRequest,
  signal: AbortSignal,
  onProgress: (progress: Progress) => void,
): Promise<number> {
  const { model, plan, decode, path, overwrite, choice, options, frame, range } = wanted
  const target = {
    path,
    overwrite,
    format: choice.format.id,
    frame,
    range,
    fps: options.fps,
    scale: options.scale,
    enlargement: options.enlargement,
    quality: options.quality,
    repeat: repeatIn(choice.format.id, options.repeat),
  }
  const answer = await request('animation.export', { model, plan, decode, target }, { signal, onProgress })
  return answer.bytes
}

/**
 * Whether an export has begun its frames, some of which may then be on disk. The pictures of its stops are
 * decoded before; their progress has a label.
 */
export function isAboutFrames({ phase, label }: Progress): boolean {
  return phase === 'write' || (phase === 'decode' && label === undefined)
}
