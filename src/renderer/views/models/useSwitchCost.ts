import { nfe } from '#core/diffusion/cost'
import { describeEstimate } from '#core/format/quantities'
import type { ModelRow } from '#shared/models'
import { useEncoding } from '../../stores/encoding'
import { useLibrary } from '../../stores/library'
import { useSettings } from '../../stores/settings'

/**
 * Describes the cost of switching to a model: which pictures must be encoded again, and how long that takes.
 */
export function useSwitchCost(): (row: ModelRow) => string {
  const library = useLibrary()
  const encoding = useEncoding()
  const settings = useSettings()
  return ({ use, cleanTimestep }) => {
    const stays = 'Pictures, timeline and settings stay as they are.'
    const count = library.pictures.filter((picture) => encoding.reportOf(picture)).length
    if (count === 0) return `${stays} Nothing has to be encoded anew.`
    const pictures = count === 1 ? '1 picture has' : `${count} pictures have`
    const schedule = { cleanTimestep: cleanTimestep ?? undefined }
    const { encode } = nfe({ ...settings.encode, ...schedule })
    const { decode } = nfe({ ...settings.decode, ...schedule })
    const seconds = use && (count * (encode + decode) * use.evaluationMilliseconds) / 1000
    const takes = seconds === null ? 'how long that takes shows with the first' : describeEstimate(seconds)
    return `${stays} ${pictures} to be encoded anew: ${takes}.`
  }
}
