import { formatBytes, formatDuration, formatMilliseconds, formatPsnr } from '#core/format/quantities'
import type { DecodeSettings } from '#core/diffusion/settings'
import { frameMilliseconds, type ModelRow } from '#shared/models'
import type { SuggestedModel } from '#shared/suggestedModels'

/**
 * The facts next to a model's name in the library: size, bytes, licence, and how it performed here.
 *
 * @param decode  what frames are decoded with once the model is opened
 */
export function modelFacts(
  { picture, cleanTimestep, bytes, licence, use }: ModelRow,
  decode: DecodeSettings,
): string {
  if (!picture) return bytes === 0 ? '' : formatBytes(bytes)
  const costed = { ...decode, cleanTimestep: cleanTimestep ?? undefined }
  const facts = [
    `${picture.width} × ${picture.height}`,
    formatBytes(bytes),
    licence ?? 'licence not stated',
    ...(use ? [`${frameTime(frameMilliseconds(use, costed))} a frame`] : []),
    ...(use && use.psnr !== null ? [`${formatPsnr(use.psnr)} so far`] : []),
  ]
  return facts.join(' · ')
}

/** The same for a model that can be downloaded. */
export function suggestionFacts({ side, bytes, licence }: SuggestedModel): string {
  return `${side} × ${side} · ${formatBytes(bytes)} · ${licence}`
}

function frameTime(milliseconds: number): string {
  return milliseconds < 1000 ? formatMilliseconds(milliseconds) : formatDuration(milliseconds / 1000)
}
