import type { DecodeSettings, EncodeSettings } from '#core/diffusion/settings'
import { presets, type Preset } from '#shared/presets'
import * as latentsOf from '#shared/documentLatents'
import type { LatentSource } from '#shared/settings'
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { stableJson } from '../base/stableJson'
import { useDocument } from './document'
import { useLibrary, type Item, type Picture } from './library'
import { useModel } from './model'

const draftDecode = presets.find(({ id }) => id === 'draft')!.decode

/** How a draft is decoded: whatever else it takes, it has from the settings. */
export type DraftChoice = Pick<DecodeSettings, 'timestepSpacing' | 'steps'>

/**
 * The ways to decode a draft, quickest first; more steps would no longer follow the playhead. Which of them shows a picture
 * is found out for each: in so few steps, log-SNR timesteps do better than Karras' for many pictures and worse for others.
 */
export const draftChoices: readonly DraftChoice[] = [
  { timestepSpacing: 'logSnr', steps: 4 },
  ...[5, 8, 10].map((steps) => ({ timestepSpacing: draftDecode.timestepSpacing, steps })),
]

/** How pictures are encoded and latents decoded. */
export const useSettings = defineStore('settings', () => {
  const document = useDocument()
  const library = useLibrary()
  const model = useModel()
  const encode = computed<EncodeSettings>({
    get: () => document.value.encode,
    set: (next) => document.change({ encode: next }),
  })
  const decode = computed<DecodeSettings>({
    get: () => document.value.decode,
    set: (next) => document.change({ decode: next }),
  })
  /** Named settings that are in force, or null for a person's own. */
  const preset = computed<Preset | null>(
    () => presets.find((one) => isSame(one, encode.value, decode.value)) ?? null,
  )
  /** How drafts are decoded: the quickest way that the pictures on the timeline were found to need. */
  const draftChoice = ref(draftChoices[0])
  /** Whether frames have drafts; where decoding is quick itself, they have none. */
  const hasDrafts = computed(() => decode.value.steps > draftDecode.steps)
  /** The quick decode for frames that are still moving; the real one where that is quick itself. */
  const draft = computed(() => {
    const { timestepSpacing } = draftDecode
    return draftOf(hasDrafts.value ? draftChoice.value : { timestepSpacing, steps: decode.value.steps })
  })

  /** A quick decode. */
  function draftOf(choice: DraftChoice): DecodeSettings {
    const { eta, sigmaHat, seed, clip, guidance } = decode.value
    return { ...draftDecode, eta, sigmaHat, seed, clip, guidance, ...choice }
  }

  /** How many classes the model has; null for an unconditional one. */
  const classes = computed(() => model.info?.classes ?? null)
  /** Whether the model is shown texts. */
  const takesPrompts = computed(() => model.info?.takesPrompts ?? false)
  const context = computed(() => ({
    encode: encode.value,
    classes: classes.value,
    takesPrompts: takesPrompts.value,
  }))
  const pictureLatentOf = (picture: Picture) => latentsOf.pictureLatentOf(picture, context.value)
  /**
   * The latent that an item has under these settings; null where there is none.
   *
   * @param prompt  what it is decoded on at a stop, in the place of its own
   */
  const latentOf = (item: Item, prompt?: string): LatentSource | null =>
    latentsOf.latentOf(item, { ...context.value, byId: library.byId, prompt })

  function apply({ encode: nextEncode, decode: nextDecode }: Pick<Preset, 'encode' | 'decode'>): void {
    encode.value = { ...nextEncode }
    // How far texts lead is no matter of how well a latent is decoded.
    decode.value = { ...nextDecode, guidance: decode.value.guidance }
  }

  return {
    encode,
    decode,
    preset,
    draft,
    draftChoice,
    hasDrafts,
    draftOf,
    pictureLatentOf,
    latentOf,
    classes,
    takesPrompts,
    apply,
  }
})

function isSame(preset: Preset, encode: EncodeSettings, decode: DecodeSettings): boolean {
  return (
    stableJson([preset.encode, preset.decode]) === stableJson([encode, { ...decode, guidance: undefined }])
  )
}
