import { codingsPerRoundTrip, nfe } from '#core/diffusion/cost'
import { describeEstimate } from '#core/format/quantities'
import type { ModelRow } from '#shared/models'
import { useEncoding } from '../../stores/encoding'
import { useLibrary } from '../../stores/library'
import { useSettings } from '../../stores/settings'

/**
 * Describes the cost of switching to a model: how the work changes, which pictures must be encoded again, and
 * how long that takes.
 */
export function useSwitchCost(): (row: ModelRow) => string {
  const library = useLibrary()
  const encoding = useEncoding()
  const settings = useSettings()
  return ({ use, cleanTimestep, presetKind }) => {
    const preset = settings.presetWith(presetKind)
    const applied = preset ?? settings
    const schedule = { cleanTimestep: cleanTimestep ?? undefined }
    const { encode } = nfe({ ...applied.encode, ...schedule })
    const { decode } = nfe({ ...applied.decode, ...schedule })
    const stays = preset
      ? `Pictures and timeline stay as they are. Quality stays ${preset.name}, which takes ${encode} + ${decode} model evaluations with this model.`
      : 'Pictures, timeline and settings stay as they are.'
    const count = library.pictures.filter((picture) => encoding.reportOf(picture)).length
    if (count === 0) return `${stays} Nothing has to be encoded again.`
    const pictures = count === 1 ? '1 picture has' : `${count} pictures have`
    const seconds =
      use &&
      (count *
        ((encode + decode) * use.evaluationMilliseconds +
          codingsPerRoundTrip * (use.decodingMilliseconds ?? 0))) /
        1000
    const takes = seconds === null ? 'the time is known once the first is encoded' : describeEstimate(seconds)
    return `${stays} ${pictures} to be encoded again: ${takes}.`
  }
}
