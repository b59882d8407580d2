import type { DecodeSettings, EncodeSettings } from '#core/diffusion/settings'
import { presets, type Preset } from '#shared/presets'
import { decodeSettings, encodeSettings, type LatentSource } from '#shared/settings'
import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import { stableJson } from '../base/stableJson'
import { sourceOf, type Picture } from './library'

const draftDecode = presets.find(({ id }) => id === 'draft')!.decode

/** So few that a frame follows the playhead on a processor too. */
const draftSteps = 5

/** How pictures are encoded and latents decoded. */
export const useSettings = defineStore('settings', () => {
  const encode = shallowRef<EncodeSettings>(encodeSettings.parse({}))
  const decode = shallowRef<DecodeSettings>(decodeSettings.parse({}))
  /** Named settings that are in force, or null for a person's own. */
  const preset = computed<Preset | null>(
    () => presets.find((one) => isSame(one, encode.value, decode.value)) ?? null,
  )
  /** The quick decode for frames that are still moving; the real one where that is quick itself. */
  const draft = computed<DecodeSettings>(() => {
    const { eta, sigmaHat, seed, clip, steps } = decode.value
    const few = steps <= draftDecode.steps ? steps : draftSteps
    return { ...draftDecode, eta, sigmaHat, seed, clip, steps: few }
  })

  /** The latent that a picture has under these settings. */
  function latentOf(picture: Picture): Extract<LatentSource, { kind: 'picture' }> {
    const { restandardise } = picture
    return { kind: 'picture', picture: sourceOf(picture), encode: encode.value, restandardise }
  }

  function apply({ encode: nextEncode, decode: nextDecode }: Pick<Preset, 'encode' | 'decode'>): void {
    encode.value = { ...nextEncode }
    decode.value = { ...nextDecode }
  }

  return { encode, decode, preset, draft, latentOf, apply }
})

function isSame(preset: Preset, encode: EncodeSettings, decode: DecodeSettings): boolean {
  return stableJson([preset.encode, preset.decode]) === stableJson([encode, decode])
}
