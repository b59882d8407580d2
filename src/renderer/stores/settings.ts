import type { DecodeSettings, EncodeSettings } from '#core/diffusion/settings'
import { presets, type Preset } from '#shared/presets'
import { decodeSettings, encodeSettings, type LatentSource } from '#shared/settings'
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { stableJson } from '../base/stableJson'
import { sourceOf, type Picture } from './library'

const draftDecode = presets.find(({ id }) => id === 'draft')!.decode

/** So few that a frame follows the playhead on a processor too. */
export const fewestDraftSteps = 5

/** How pictures are encoded and latents decoded. */
export const useSettings = defineStore('settings', () => {
  const encode = shallowRef<EncodeSettings>(encodeSettings.parse({}))
  const decode = shallowRef<DecodeSettings>(decodeSettings.parse({}))
  /** Named settings that are in force, or null for a person's own. */
  const preset = computed<Preset | null>(
    () => presets.find((one) => isSame(one, encode.value, decode.value)) ?? null,
  )
  /** Steps that drafts take: as many as the pictures on the timeline were found to need. */
  const draftSteps = ref(fewestDraftSteps)
  /** Whether frames have drafts; where decoding is quick itself, they have none. */
  const hasDrafts = computed(() => decode.value.steps > draftDecode.steps)
  /** The quick decode for frames that are still moving; the real one where that is quick itself. */
  const draft = computed(() => draftOf(hasDrafts.value ? draftSteps.value : decode.value.steps))

  /** A quick decode of so many steps. */
  function draftOf(steps: number): DecodeSettings {
    const { eta, sigmaHat, seed, clip } = decode.value
    return { ...draftDecode, eta, sigmaHat, seed, clip, steps }
  }

  /** The latent that a picture has under these settings. */
  function latentOf(picture: Picture): Extract<LatentSource, { kind: 'picture' }> {
    const { restandardise } = picture
    return { kind: 'picture', picture: sourceOf(picture), encode: encode.value, restandardise }
  }

  function apply({ encode: nextEncode, decode: nextDecode }: Pick<Preset, 'encode' | 'decode'>): void {
    encode.value = { ...nextEncode }
    decode.value = { ...nextDecode }
  }

  return { encode, decode, preset, draft, draftSteps, hasDrafts, draftOf, latentOf, apply }
})

function isSame(preset: Preset, encode: EncodeSettings, decode: DecodeSettings): boolean {
  return stableJson([preset.encode, preset.decode]) === stableJson([encode, decode])
}
